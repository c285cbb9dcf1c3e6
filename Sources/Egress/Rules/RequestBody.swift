internal import ConnectorModel
internal import Ports

/// What a payload puts on the wire: bytes, ranges of blobs, or base64 of either, with a length known beforehand.
struct RequestBody: Sendable, Equatable {
  private(set) var wire: TransportBody
  let contentType: String

  /// Parts of one body.
  static let maximumParts = 1000

  /// Nil for no payload.
  ///
  /// - Parameters:
  ///   - blobs: what the numbers of blobs stand for.
  ///   - seed: the operation's, so that its boundaries are its own and the same on replay.
  /// - Throws: `invalidInput` for a blob or a range that the operation does not have, or an unfit content type.
  init?(_ payload: Payload?, blobs: OperationBlobs, seed: UInt64) throws(EgressError) {
    switch payload {
    case nil: return nil
    case .json(let bytes): (wire, contentType) = (TransportBody(bytes), "application/json")
    case .bytes(let bytes, let type):
      (wire, contentType) = (TransportBody(bytes), try Self.type(type))
    case .blob(let range, let type):
      wire = TransportBody()
      contentType = try Self.type(type)
      wire.append(try Self.segment(range, in: blobs))
    case .concatenation(let parts, let type):
      try Self.check(parts)
      wire = TransportBody()
      contentType = try Self.type(type)
      for part in parts { wire.append(try Self.segment(part, in: blobs)) }
    case .multipart(let parts):
      try Self.check(parts)
      let boundary = MultipartBoundary.choose(for: parts, seed: seed)
      wire = TransportBody()
      contentType = "multipart/form-data; boundary=\(boundary)"
      for part in parts {
        wire.append(.init(Array((try Self.head(of: part, boundary)).utf8)))
        wire.append(try Self.segment(part, in: blobs))
        wire.append(.init(Array("\r\n".utf8)))
      }
      wire.append(.init(Array("--\(boundary)--\r\n".utf8)))
    }
  }

  /// The stretches of bytes in memory as the connector wrote them, before any encoding.
  var inlineTexts: [[UInt8]] { wire.segments.compactMap(\.inlineBytes) }

  private static func check(_ parts: [PayloadPart]) throws(EgressError) {
    guard parts.count <= maximumParts else {
      throw EgressError(.invalidInput, "the request body has more than \(maximumParts) parts")
    }
  }

  private static func type(_ type: String) throws(EgressError) -> String {
    guard HeaderRules.isValue(type) else {
      throw EgressError(
        .invalidInput, "the request body's content type has a line break or a control character")
    }
    return type.isEmpty ? "application/octet-stream" : type
  }

  private static func segment(_ range: BlobRange, in blobs: OperationBlobs, isBase64: Bool = false)
    throws(EgressError) -> TransportBody.Segment
  {
    guard let blob = blobs[range.blob] else {
      throw EgressError(
        .invalidInput,
        "the request body names blob \(range.blob), which the operation was never given")
    }
    guard range.offset <= blob.size, range.length <= blob.size - range.offset else {
      throw EgressError(
        .invalidInput,
        "the request body names bytes \(range.offset) to \(range.offset &+ range.length) of blob \(range.blob), "
          + "which has \(blob.size)")
    }
    return .init(blob.content, offset: range.offset, length: range.length, isBase64: isBase64)
  }

  private static func segment(_ part: PayloadPart, in blobs: OperationBlobs) throws(EgressError)
    -> TransportBody.Segment
  {
    switch part.body {
    case .json(let bytes), .bytes(let bytes, _): .init(bytes, isBase64: part.base64)
    case .blob(let range, _): try segment(range, in: blobs, isBase64: part.base64)
    }
  }

  /// What comes before a part of a form; names are escaped as browsers do it.
  private static func head(of part: PayloadPart, _ boundary: String) throws(EgressError) -> String {
    var lines = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(escaped(part.name))\""
    if !part.filename.isEmpty { lines += "; filename=\"\(escaped(part.filename))\"" }
    switch part.body {
    case .json: lines += "\r\nContent-Type: application/json"
    case .bytes(_, let given), .blob(_, let given):
      // A plain field has none.
      if !given.isEmpty || !part.filename.isEmpty {
        lines += "\r\nContent-Type: \(try type(given))"
      }
    }
    if part.base64 { lines += "\r\nContent-Transfer-Encoding: base64" }
    return lines + "\r\n\r\n"
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "%22"
      case "\r": "%0D"
      case "\n": "%0A"
      default: scalar.value < 0x20 || scalar.value == 0x7f ? "_" : String(Character(scalar))
      }
    }.joined()
  }
}
