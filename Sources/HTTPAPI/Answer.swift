internal import ConnectorModel
internal import NIOCore

/// What goes back to the client: status, body, and the header lines that only this answer has.
struct Answer: Sendable, Equatable {
  static let jsonMediaType = "application/json"

  var status: Int
  /// Nil where there is no body.
  var mediaType: String?
  var body: ByteBuffer
  var headers: [HeaderLine] = []
  var closesConnection = false

  static func json(_ value: JSONValue, status: Int = 200) -> Answer {
    // Every value of ours can be written: its decimals were read from JSON or made of integers.
    let bytes = (try? StableJSON.encode(value)) ?? Array("null".utf8)
    return Answer(status: status, mediaType: jsonMediaType, body: ByteBuffer(bytes: bytes))
  }

  static func text(_ text: String, mediaType: String) -> Answer {
    Answer(status: 200, mediaType: mediaType, body: ByteBuffer(string: text))
  }

  static let none = Answer(status: 204, body: ByteBuffer())
}
