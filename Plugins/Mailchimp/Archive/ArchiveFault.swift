/// Why an archive cannot be read.
enum ArchiveFault: Error, Equatable {
  case truncated
  case malformed(String)
  /// More comes out than was agreed upon.
  case tooLarge
}
