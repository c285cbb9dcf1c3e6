/// The path and query of a request line, decoded.
struct RequestTarget: Sendable, Equatable {
  var segments: [String]
  /// In the order they came.
  var query: [(name: String, value: String)]

  /// - Throws: `malformedRequest` where percent-encoding does not give UTF-8.
  init(_ text: String) throws(Problem) {
    var text = Substring(text)
    // A proxy may send the whole URL.
    for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
      let rest = text.dropFirst(scheme.count)
      text = rest.firstIndex { $0 == "/" || $0 == "?" }.map { rest[$0...] } ?? "/"
    }
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    segments = []
    var path = parts[0]
    if path.hasPrefix("/") { path.removeFirst() }
    if !path.isEmpty {
      for segment in path.split(separator: "/", omittingEmptySubsequences: false) {
        segments.append(try Self.decoded(segment))
      }
    }
    query = []
    guard parts.count == 2 else { return }
    for pair in parts[1].split(separator: "&") {
      let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let texts = halves.map { $0.replacing("+", with: " ") }
      query.append((try Self.decoded(texts[0][...]), texts.count == 2 ? try Self.decoded(texts[1][...]) : ""))
    }
  }

  static func == (one: RequestTarget, other: RequestTarget) -> Bool {
    one.segments == other.segments && one.query.elementsEqual(other.query) { $0 == $1 }
  }

  private static func decoded(_ text: Substring) throws(Problem) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
        let value = UInt8(digits, radix: 16)
      else { throw malformed }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw malformed }
    return text
  }

  private static let malformed = Problem(
    .malformedRequest, "The URL is not percent-encoded UTF-8: write %25 for a percent sign.")
}
