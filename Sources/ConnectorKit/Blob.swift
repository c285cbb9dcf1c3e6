/// Media that the host holds: what an input says of it, never its bytes.
///
/// A caller names media by URL or as an upload; the host fetches and checks it before the operation begins, and puts
/// this in its place.
public struct Blob: Codable, Sendable, Equatable {
  /// The handle, numbered from 1 within the operation.
  public var number: UInt64
  /// In bytes.
  public var size: UInt64
  /// The media type that the bytes themselves show, not the one that somebody claimed.
  public var type: String
  /// Of the bytes, in lower-case hexadecimal.
  public var sha256: String
  /// In pixels; nil where there is none or it is not known.
  public var width: Int?
  public var height: Int?
  public var durationMilliseconds: Int?

  private enum CodingKeys: String, CodingKey {
    case number = "$blob"
    case size, type, sha256, width, height
    case durationMilliseconds = "duration_ms"
  }

  public init(
    number: UInt64, size: UInt64, type: String, sha256: String = "", width: Int? = nil, height: Int? = nil,
    durationMilliseconds: Int? = nil
  ) {
    self.number = number
    self.size = size
    self.type = type
    self.sha256 = sha256
    self.width = width
    self.height = height
    self.durationMilliseconds = durationMilliseconds
  }

  /// All of it.
  public var range: BlobRange { BlobRange(blob: number, offset: 0, length: size) }

  /// All of it as a request's body.
  public var payload: Payload { .blob(range, contentType: type) }

  /// All of it as one part of a form or of a concatenation.
  public var part: PayloadPart.Body { .blob(range, contentType: type) }

  /// All of it as base64 text inside a concatenation, as in JSON around media.
  public var base64: PayloadPart { PayloadPart(body: part, base64: true) }
}
