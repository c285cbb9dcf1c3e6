/// Tape archives as `tar` writes them: ustar headers of 512 bytes, contents padded to the same.
enum Tar {
  private static let block = 512

  /// An archive with a folder `./` and these files in it.
  ///
  /// - Parameter time: when they were changed, in seconds since 1970.
  static func archive(_ files: [(name: String, bytes: [UInt8])], at time: Int64) -> [UInt8] {
    var archive = header("./", size: 0, kind: "5", time: time)
    for file in files {
      archive += header("./" + file.name, size: file.bytes.count, kind: "0", time: time) + file.bytes
      archive += zeros((block - file.bytes.count % block) % block)
    }
    return archive + zeros(2 * block)
  }

  private static func header(_ name: String, size: Int, kind: String, time: Int64) -> [UInt8] {
    let start =
      field(name, 100) + octal(kind == "5" ? 0o755 : 0o644, 8) + octal(0, 8) + octal(0, 8)
      + octal(Int64(size), 12) + octal(time, 12)
    let end = Array(kind.utf8) + zeros(100) + Array("ustar\u{0}00".utf8)
    // The sum counts its own field as blanks.
    let sum = (start + end).reduce(Int64(8 * 32)) { $0 + Int64($1) }
    let digits = String(sum, radix: 8)
    let sumField = Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8) + [0, 32]
    let head = start + sumField + end
    return head + zeros(block - head.count)
  }

  private static func field(_ text: String, _ width: Int) -> [UInt8] {
    let bytes = Array(text.utf8.prefix(width))
    return bytes + zeros(width - bytes.count)
  }

  private static func octal(_ number: Int64, _ width: Int) -> [UInt8] {
    let digits = String(number, radix: 8)
    return Array((String(repeating: "0", count: width - 1 - digits.count) + digits).utf8) + [0]
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
