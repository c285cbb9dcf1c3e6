internal import ConnectorModel

/// The bytes that a payload puts on the wire.
struct RequestBody: Sendable, Equatable {
  let bytes: [UInt8]
  let contentType: String

  /// Nil for no payload.
  ///
  /// - Throws: `unsupported` for payloads that need blobs.
  init?(_ payload: Payload?) throws(EgressError) {
    switch payload {
    case nil: return nil
    case .json(let bytes): (self.bytes, contentType) = (bytes, "application/json")
    case .bytes(let bytes, let type):
      guard HeaderRules.isValue(type) else {
        throw EgressError(
          .invalidInput, "the request body's content type has a line break or a control character")
      }
      (self.bytes, contentType) = (bytes, type.isEmpty ? "application/octet-stream" : type)
    case .blob, .multipart, .concatenation:
      throw EgressError(
        .unsupported, "blob, multipart and concatenated request bodies are not built yet; send inline bytes")
    }
  }
}
