#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// This program, as a run starts it again for its children.
enum VerifyProgram {
  /// Through `/proc/self/exe`, so that a link to the program starts the real one.
  static let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""

  /// Where connector libraries are looked for when nobody says otherwise.
  static let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
}
