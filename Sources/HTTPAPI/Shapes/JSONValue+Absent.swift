internal import ConnectorModel
internal import Ports

// What is absent is null in an answer: every member is always there.
extension JSONValue {
  init(_ text: String?) { self = text.map { .string($0) } ?? .null }

  init(count: Int?) { self = count.map { .integer(Int64($0)) } ?? .null }

  init(instant: UInt64?) { self = instant.map { .string(Timestamp.text($0)) } ?? .null }

  /// JSON that was stored as bytes; null where there is none.
  init(stored bytes: [UInt8]?) {
    self = bytes.flatMap { try? StableJSON.decode(JSONValue.self, from: $0) } ?? .null
  }
}
