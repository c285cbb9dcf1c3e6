internal import ConnectorModel

/// What a text in a request has to look like: a check, and the schema that says the same.
struct TextForm: Sendable {
  var schema: Schema
  /// For people, after "must be".
  var words: String
  var accepts: @Sendable (String) -> Bool

  /// Ids of ours, and names of connectors and tenants.
  static let id = TextForm(
    schema: Schema(json: ["type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"]),
    words: "an id: 1 to 128 letters, digits, dots, dashes or underscores"
  ) { text in
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
        default: false
        }
      }
  }

  /// ASCII without spaces and control characters: what may go into a header or a key.
  static func visible(atMost limit: Int) -> TextForm {
    TextForm(
      schema: Schema(json: ["type": "string", "pattern": .string("^[!-~]{1,\(limit)}$")]),
      words: "1 to \(limit) ASCII characters without spaces"
    ) { text in
      (1...limit).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
    }
  }

  static func choice(of words: [String]) -> TextForm {
    TextForm(schema: .choice(of: words), words: "one of \(words.joined(separator: ", "))") {
      words.contains($0)
    }
  }
}
