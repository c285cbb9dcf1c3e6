#if canImport(Glibc)
  internal import Glibc
#endif

/// Input that may be a file, a pipe or a terminal.
enum InputFile {
  static let maximumBytes = 16 * 1024 * 1024

  /// Everything in the file, `-` meaning standard input; nil when it cannot be read or is larger than 16 MiB.
  ///
  /// Calls `open` and `read`: Foundation's readers want a file with a size.
  static func read(_ path: String) -> [UInt8]? {
    let file = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { if file != STDIN_FILENO { close(file) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count <= maximumBytes {
      let count = unsafe Glibc.read(file, &chunk, chunk.count)
      if count == 0 { return bytes }
      guard count > 0 else { return nil }
      bytes += chunk[..<count]
    }
    return nil
  }
}
