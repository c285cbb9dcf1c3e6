/// Finds secrets in bytes, in any mixture of plain characters, percent escapes and JSON escapes, as `a+b`, `a%2bb`,
/// `a\u002Bb`.
///
/// One look looks for all of them, so that many cost no more than one.
package struct SecretPatterns: Sendable {
  /// Shorter texts are not looked for: they would be found everywhere.
  package static let minimumBytes = 8

  /// By their first eight bytes; the longest first, so that no rest of one stays when another is its part.
  private var patterns: [UInt64: [[UInt8]]] = [:]
  /// Bytes that a pattern starts with, or an escape.
  private var starts = ByteSet()

  package init() {
    starts.insert(UInt8(ascii: "%"))
    starts.insert(UInt8(ascii: "\\"))
  }

  package var isEmpty: Bool { patterns.isEmpty }

  package mutating func insert(_ text: String) {
    // A secret may hold what looks like an escape, as X's bearer tokens do.
    let bytes = Array(text.utf8)
    insert(pattern: bytes)
    let plain = Self.unescaped(bytes)
    if plain != bytes { insert(pattern: plain) }
  }

  /// False proves that no secret stands in `text`.
  package func mayStand(in text: String) -> Bool {
    !isEmpty && text.utf8.count >= Self.minimumBytes && text.utf8.contains { starts.contains($0) }
  }

  /// The first place from `index` on where a secret may start; nil when none does.
  package func possibleStart(in bytes: [UInt8], from index: Int) -> Int? {
    bytes[index...].firstIndex { starts.contains($0) }
  }

  /// Where the longest of the secrets that start at `start` ends, or nil.
  package func end(ofSecretAt start: Int, in bytes: [UInt8]) -> Int? {
    guard starts.contains(bytes[start]) else { return nil }
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

  private mutating func insert(pattern: [UInt8]) {
    guard pattern.count >= Self.minimumBytes else { return }
    let head = pattern.prefix(Self.minimumBytes).reduce(0) { $0 << 8 | UInt64($1) }
    var alike = patterns[head] ?? []
    guard !alike.contains(pattern) else { return }
    alike.insert(pattern, at: alike.firstIndex { $0.count < pattern.count } ?? alike.endIndex)
    patterns[head] = alike
    starts.insert(pattern[0])
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
      if bytes[index + 1] != UInt8(ascii: "u") { return (Self.behindBackslash(bytes[index + 1]), index + 2) }
      if let value = hexadecimal(bytes, index + 2, count: 4), value < 0x80 {
        return (UInt8(value), index + 6)
      }
    default: break
    }
    return (bytes[index], index + 1)
  }

  private static func behindBackslash(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "n"): 10
    case UInt8(ascii: "r"): 13
    case UInt8(ascii: "t"): 9
    case UInt8(ascii: "b"): 8
    case UInt8(ascii: "f"): 12
    default: byte
    }
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
