internal import ConnectorModel

/// Hides secrets in what a platform sends back, should it echo them.
///
/// A secret is found in any mixture of plain characters, percent escapes and JSON escapes, as `a+b`, `a%2bb`,
/// `a\u002Bb`. One pass looks for all of them, so that many cost no more than one.
struct Redaction: Sendable {
  /// Shorter texts are not hidden: they would be found everywhere.
  static let minimumBytes = 8

  private static let mask = Array("[hidden]".utf8)

  /// By their first eight bytes; the longest first, so that no rest of one stays when another is its part.
  private let patterns: [UInt64: [[UInt8]]]
  /// Bytes that a pattern starts with, or an escape.
  private let starts: [Bool]

  private let texts: [String]

  init(hiding texts: [String]) {
    self.texts = texts
    // A secret may hold what looks like an escape, as X's bearer tokens do.
    let patterns = Set(
      texts.flatMap { [Array($0.utf8), Self.unescaped(Array($0.utf8))] }
        .filter { $0.count >= Self.minimumBytes })
    self.patterns = Dictionary(grouping: patterns) { Self.key($0.prefix(Self.minimumBytes)) }
      .mapValues { $0.sorted { $0.count > $1.count } }
    var starts = [Bool](repeating: false, count: 256)
    for pattern in patterns { starts[Int(pattern[0])] = true }
    starts[Int(UInt8(ascii: "%"))] = true
    starts[Int(UInt8(ascii: "\\"))] = true
    self.starts = starts
  }

  static let nothing = Redaction(hiding: [])

  func alsoHiding(_ more: [String]) -> Redaction {
    more.isEmpty ? self : Redaction(hiding: texts + more)
  }

  func apply(to bytes: [UInt8]) -> [UInt8] {
    guard !patterns.isEmpty, bytes.count >= Self.minimumBytes else { return bytes }
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while index < bytes.count {
      if starts[Int(bytes[index])], let end = end(ofSecretAt: index, in: bytes) {
        result += bytes[copied..<index]
        result += Self.mask
        copied = end
        index = end
      } else {
        index += 1
      }
    }
    return copied == 0 ? bytes : result + bytes[copied...]
  }

  func apply(to text: String) -> String {
    patterns.isEmpty ? text : String(decoding: apply(to: Array(text.utf8)), as: UTF8.self)
  }

  func apply(to headers: [HeaderField]) -> [HeaderField] {
    patterns.isEmpty ? headers : headers.map { HeaderField($0.name, apply(to: $0.value)) }
  }

  private func end(ofSecretAt start: Int, in bytes: [UInt8]) -> Int? {
    var index = start
    var head: UInt64 = 0
    for _ in 0..<Self.minimumBytes {
      guard let (byte, next) = Self.unescaped(at: index, in: bytes) else { return nil }
      head = head << 8 | UInt64(byte)
      index = next
    }
    guard let candidates = patterns[head] else { return nil }
    return candidates.lazy.compactMap { pattern in
      var end = index
      for expected in pattern.dropFirst(Self.minimumBytes) {
        guard let (byte, next) = Self.unescaped(at: end, in: bytes), byte == expected else { return nil }
        end = next
      }
      return end
    }.first
  }

  private static func key(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while let (byte, next) = unescaped(at: index, in: bytes) {
      result.append(byte)
      index = next
    }
    return result
  }

  /// The byte that stands at `index`, perhaps behind an escape, and where the next one does.
  private static func unescaped(at index: Int, in bytes: [UInt8]) -> (UInt8, Int)? {
    guard index < bytes.count else { return nil }
    switch bytes[index] {
    case UInt8(ascii: "%"):
      if let value = hexadecimal(bytes, index + 1, count: 2) { return (UInt8(value), index + 3) }
    case UInt8(ascii: "\\") where index + 1 < bytes.count:
      if bytes[index + 1] != UInt8(ascii: "u") { return (bytes[index + 1], index + 2) }
      if let value = hexadecimal(bytes, index + 2, count: 4), value < 0x80 {
        return (UInt8(value), index + 6)
      }
    default: break
    }
    return (bytes[index], index + 1)
  }

  private static func hexadecimal(_ bytes: [UInt8], _ start: Int, count: Int) -> Int? {
    guard start + count <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[start..<(start + count)] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * 16 + Int(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value * 16 + Int(byte - UInt8(ascii: "a")) + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value * 16 + Int(byte - UInt8(ascii: "A")) + 10
      default: return nil
      }
    }
    return value
  }
}
