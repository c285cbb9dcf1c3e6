internal import ConnectorModel

/// Rows as RFC 4180 has them.
enum CSVText {
  static func text(_ header: [String], _ rows: [[JSONValue]]) -> String {
    ([header.map(quoted)] + rows.map { $0.map(field) }).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func field(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let text): quoted(harmless(text))
    case .bool, .integer, .decimal: value.cell
    case .array, .object:
      quoted((try? StableJSON.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "")
    }
  }

  /// Spreadsheets run what begins like a formula, and others chose these texts.
  private static func harmless(_ text: String) -> String {
    guard let first = text.first, "=+-@\t\r".contains(first) else { return text }
    return "'" + text
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) || $0 == "\r\n" }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
