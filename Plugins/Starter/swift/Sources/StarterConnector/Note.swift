import ConnectorKit

/// A note as the platform tells of it, and the result of `note.read`.
struct Note: Codable, Equatable {
  var id: NoteID
  var likes: Int64

  static func read(_ input: NoteInput, _ context: OperationContext) async throws -> Note {
    try await context.http(.api("GET", "/notes/\(input.id.text)")).json()
  }
}

/// The input of `note.read`.
struct NoteInput: Decodable { var id: NoteID }

/// 1 to 64 letters, digits, - and _: safe in a path as it stands.
struct NoteID: Codable, Equatable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    text = try container.decode(String.self)
    let isSafe = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isSafe, (1...64).contains(text.utf8.count) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not the id of a note")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
