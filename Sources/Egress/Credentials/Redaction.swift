internal import ConnectorModel
internal import Secrets

/// Hides secrets in what a platform sends back, should it echo them, however it escapes them.
struct Redaction: Sendable {
  private static let mask = Array("[hidden]".utf8)

  private var patterns = SecretPatterns()

  init(hiding texts: [String]) {
    for text in texts { patterns.insert(text) }
  }

  static let nothing = Redaction(hiding: [])

  func alsoHiding(_ more: [String]) -> Redaction {
    guard !more.isEmpty else { return self }
    var result = self
    for text in more { result.patterns.insert(text) }
    return result
  }

  func apply(to bytes: [UInt8]) -> [UInt8] { redacted(bytes) ?? bytes }

  /// Nil when nothing had to be hidden.
  private func redacted(_ bytes: [UInt8]) -> [UInt8]? {
    guard !patterns.isEmpty, bytes.count >= SecretPatterns.minimumBytes else { return nil }
    var result: [UInt8] = []
    var copied = 0
    var index = 0
    while let start = patterns.possibleStart(in: bytes, from: index) {
      index = start
      if let end = patterns.end(ofSecretAt: index, in: bytes) {
        result += bytes[copied..<index]
        result += Self.mask
        copied = end
        index = end
      } else {
        index += 1
      }
    }
    return copied == 0 ? nil : result + bytes[copied...]
  }

  func apply(to text: String) -> String {
    guard patterns.mayStand(in: text) else { return text }
    return redacted(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  func apply(to headers: [HeaderField]) -> [HeaderField] {
    patterns.isEmpty ? headers : headers.map { HeaderField($0.name, apply(to: $0.value)) }
  }
}
