/// The bytes of a file before YAML sees them: encoding, size and characters that nobody means to write.
struct SourceText {
  static let maximumBytes = 1 << 20

  /// What is left to parse, nil when nothing sensible is.
  private(set) var bytes: [UInt8]?
  /// Lines at the end had to be left out.
  private(set) var isCut = false

  init(_ source: [UInt8], log: inout ProblemLog) {
    bytes = source
    guard source.count <= Self.maximumBytes else {
      log.report(
        .fileTooLarge, at: YAMLMark(line: 1, column: 1), "the file has \(source.count) bytes",
        advice: "a manifest may have 1 MiB; move schemas and examples into files of their own")
      bytes = nil
      return
    }
    var text = source[...]
    if text.starts(with: [0xEF, 0xBB, 0xBF]) {
      log.report(
        .byteOrderMark, at: YAMLMark(line: 1, column: 1), "the file starts with a byte order mark",
        advice: "save it as UTF-8 without BOM")
      text = text.dropFirst(3)
      bytes = Array(text)
    }
    guard let fault = Self.firstFault(in: text) else { return }
    log.report(fault.code, at: fault.mark, fault.message, advice: fault.advice)
    // Whole lines before it can still be judged.
    let lines = text[..<fault.offset].lastIndex(of: UInt8(ascii: "\n")).map { text[...$0] }
    bytes = Array(lines ?? [])
    isCut = true
  }

  private struct Fault {
    var code: ProblemCode
    var mark: YAMLMark
    var offset: Int
    var message: String
    var advice: String
  }

  private static func firstFault(in bytes: ArraySlice<UInt8>) -> Fault? {
    var mark = YAMLMark(line: 1, column: 1)
    var offset = bytes.startIndex
    while offset < bytes.endIndex {
      let byte = bytes[offset]
      guard let (scalar, length) = scalar(in: bytes, at: offset) else {
        return Fault(
          code: .notUTF8, mark: mark, offset: offset, message: "the bytes here are not UTF-8",
          advice: "save the file as UTF-8")
      }
      if byte == UInt8(ascii: "\n") {
        mark = YAMLMark(line: mark.line + 1, column: 1)
      } else if isForbidden(scalar) {
        let name =
          scalar == "\0" ? "a NUL byte" : "the control character U+\(String(scalar.value, radix: 16))"
        return Fault(
          code: .controlCharacter, mark: mark, offset: offset, message: "\(name) stands here",
          advice: "remove it; if a text needs it, write an escape in double quotes")
      } else {
        mark.column += 1
      }
      offset += length
    }
    return nil
  }

  private static func scalar(in bytes: ArraySlice<UInt8>, at offset: Int) -> (Unicode.Scalar, Int)? {
    let first = bytes[offset]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    guard first >= 0xC2, offset + length <= bytes.endIndex,
      let text = String(validating: bytes[offset..<(offset + length)], as: UTF8.self),
      let scalar = text.unicodeScalars.first
    else { return nil }
    return (scalar, length)
  }

  /// What YAML calls not printable.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x85: false
    case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
