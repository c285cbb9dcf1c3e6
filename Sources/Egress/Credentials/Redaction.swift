internal import ConnectorModel

/// Hides secrets in what a platform sends back, should it echo them.
struct Redaction: Sendable {
  /// Shorter texts are not hidden: they would be found everywhere.
  static let minimumBytes = 8

  private static let mask = Array("[hidden]".utf8)

  /// Longest first, so that no rest of one stays when another is its part.
  private let patterns: [[UInt8]]

  /// Hides the texts as they are, percent-encoded, and with `/` escaped as some write JSON.
  init(hiding texts: [String]) {
    var forms: Set<[UInt8]> = []
    for text in texts where text.utf8.count >= Self.minimumBytes {
      forms.insert(Array(text.utf8))
      forms.insert(Array(PercentEncoding.encode(text).utf8))
      forms.insert(text.utf8.flatMap { $0 == .init(ascii: "/") ? Array(#"\/"#.utf8) : [$0] })
    }
    patterns = forms.sorted { $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count > $1.count }
  }

  static let nothing = Redaction(hiding: [])

  func apply(to bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for pattern in patterns { bytes = Self.replace(pattern, in: bytes) }
    return bytes
  }

  func apply(to text: String) -> String {
    patterns.isEmpty ? text : String(decoding: apply(to: Array(text.utf8)), as: UTF8.self)
  }

  func apply(to headers: [HeaderField]) -> [HeaderField] {
    patterns.isEmpty ? headers : headers.map { HeaderField($0.name, apply(to: $0.value)) }
  }

  private static func replace(_ pattern: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var copied = 0
    var start = bytes.startIndex
    while let found = bytes[start...].firstIndex(of: pattern[0]) {
      start = found + 1
      guard bytes[found...].starts(with: pattern) else { continue }
      result += bytes[copied..<found]
      result += mask
      copied = found + pattern.count
      start = copied
    }
    return copied == 0 ? bytes : result + bytes[copied...]
  }
}
