import ConnectorKit

/// An id of Mailchimp's, safe to be put into a path: 1 to 64 ASCII letters, digits, `-` and `_`.
struct Identifier: Codable, Hashable, CustomStringConvertible {
  let description: String

  init?(_ text: String) {
    let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    guard isPlain, (1...64).contains(text.utf8.count) else { return nil }
    description = text
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let id = Identifier(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an id of Mailchimp's")
    }
    self = id
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
