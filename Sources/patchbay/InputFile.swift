#if canImport(Glibc)
  internal import Glibc
#endif

/// Input that may be a file, a pipe or a terminal.
enum InputFile {
  static let maximumBytes = 16 * 1024 * 1024

  /// Everything in the file, `-` meaning standard input.
  ///
  /// Calls `open` and `read`: Foundation's readers want a file with a size.
  ///
  /// - Throws: `CommandFailure` when it cannot be read or is larger than 16 MiB.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    let file = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(path) }
    defer { if file != STDIN_FILENO { close(file) } }
    if isatty(file) == 1 {
      Output.error(
        "patchbay: reading the input from the terminal; end it with Ctrl-D, or name a file with --input")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count <= maximumBytes {
      let count = unsafe Glibc.read(file, &chunk, chunk.count)
      if count == 0 { return bytes }
      guard count > 0 else { throw unreadable(path) }
      bytes += chunk[..<count]
    }
    throw CommandFailure(sentence: "the input \(path) is larger than 16 MiB; make it smaller", code: 2)
  }

  private static func unreadable(_ path: String) -> CommandFailure {
    let reason = unsafe String(cString: strerror(errno))
    return CommandFailure(
      sentence: "the input \(path) cannot be read: \(reason); name a JSON file, or - for standard input",
      code: 2)
  }
}
