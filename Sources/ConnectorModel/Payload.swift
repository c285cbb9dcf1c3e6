/// The bytes of a request, an answer, an input or a result, or a reference to bytes that the host holds.
public enum Payload: Sendable, Equatable {
  /// UTF-8 JSON.
  case json([UInt8])
  /// Bytes as they are, with their media type; an empty type means `application/octet-stream`.
  case bytes([UInt8], contentType: String)
  case blob(BlobRange, contentType: String)
  /// `multipart/form-data`; the host chooses the boundary.
  case multipart([PayloadPart])
  /// Parts one after the other.
  case concatenation([PayloadPart], contentType: String)

  /// The inline bytes of `json` and `bytes`, else nil.
  public var inlineBytes: [UInt8]? {
    switch self {
    case .json(let bytes), .bytes(let bytes, _): bytes
    case .blob, .multipart, .concatenation: nil
    }
  }
}

/// A range of a blob that the host holds, in bytes.
public struct BlobRange: Sendable, Equatable {
  /// The handle, numbered from 1 within the operation.
  public var blob: UInt64
  public var offset: UInt64
  public var length: UInt64

  public init(blob: UInt64, offset: UInt64, length: UInt64) {
    self.blob = blob
    self.offset = offset
    self.length = length
  }
}

/// One part of a multipart or concatenated payload.
///
/// Parts do not nest.
public struct PayloadPart: Sendable, Equatable {
  /// What a part carries.
  public enum Body: Sendable, Equatable {
    case json([UInt8])
    case bytes([UInt8], contentType: String)
    case blob(BlobRange, contentType: String)
  }

  /// The form field's name; unused in a concatenation.
  public var name: String
  /// The file name, empty for none.
  public var filename: String
  public var body: Body
  /// Encode the body as base64 while it is streamed.
  public var base64: Bool

  public init(name: String = "", filename: String = "", body: Body, base64: Bool = false) {
    self.name = name
    self.filename = filename
    self.body = body
    self.base64 = base64
  }
}

extension PayloadPart {
  /// Text as it is, for a concatenation.
  public static func text(_ text: String) -> PayloadPart {
    PayloadPart(body: .bytes(Array(text.utf8), contentType: ""))
  }

  /// A plain field of a form.
  public static func field(_ name: String, _ value: String) -> PayloadPart {
    PayloadPart(name: name, body: .bytes(Array(value.utf8), contentType: "text/plain"))
  }

  /// A file of a form.
  public static func file(_ name: String, filename: String, _ body: Body) -> PayloadPart {
    PayloadPart(name: name, filename: filename, body: body)
  }
}
