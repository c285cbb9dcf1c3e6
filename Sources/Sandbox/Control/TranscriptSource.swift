internal import ConnectorModel

/// Writes recorded exchanges as the Swift source of a `Transcript`.
enum TranscriptSource {
  static func swift(_ exchanges: [TranscriptLog.Exchange]) -> String {
    "let transcript: Transcript = [\n" + exchanges.map { "  \(line($0)),\n" }.joined() + "]\n"
  }

  private static func line(_ exchange: TranscriptLog.Exchange) -> String {
    let start = "\(literal(exchange.method)), \(literal(exchange.url))"
    guard let answer = exchange.answer else { return ".cut(\(start))" }
    var parts = [start, "status: \(answer.status)"]
    if !answer.headers.isEmpty {
      let fields = answer.headers.map { "HeaderField(\(literal($0.name)), \(literal($0.value)))" }
      parts.append("headers: [\(fields.joined(separator: ", "))]")
    }
    if let json = answer.json {
      parts.append("json: \(literal(String(decoding: json.bytes, as: UTF8.self)))")
    } else if answer.bodyBytes > 0 {
      let kind = answer.contentType.replacing("*/", with: "")
      parts[parts.count - 1] += " /* \(answer.bodyBytes) bytes of \(kind) are left out */"
    }
    if exchange.delayMs > 0 { parts.append("delay: .milliseconds(\(exchange.delayMs))") }
    return ".http(\(parts.joined(separator: ", ")))"
  }

  /// A raw string with as many `#` as it takes that nothing in it is read as its end or as an escape.
  private static func literal(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
    guard isPlain else { return escaped(text) }
    var marks = ""
    while text.contains("\"" + marks) || text.contains("\\" + marks) { marks += "#" }
    return "\(marks)\"\(text)\"\(marks)"
  }

  /// Text with control characters, which a raw string of one line cannot hold.
  private static func escaped(_ text: String) -> String {
    var source = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": source += "\\" + String(scalar)
      case _ where scalar.value < 32 || scalar.value == 127:
        source += "\\u{\(String(scalar.value, radix: 16))}"
      default: source.unicodeScalars.append(scalar)
      }
    }
    return "\"\(source)\""
  }
}
