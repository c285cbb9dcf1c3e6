internal import ConnectorModel

internal import struct FoundationEssentials.Data

/// A payload as it stands in a journal: nothing is lost, bytes are base64.
struct StoredPayload: Codable {
  enum Form: String, Codable { case json, bytes, blob, multipart, concatenation }

  struct Part: Codable {
    var name: String
    var filename: String
    var base64: Bool
    var body: StoredPayload
  }

  var form: Form
  var data: Data?
  var type: String?
  /// Handle, offset, length.
  var blob: [UInt64]?
  var parts: [Part]?

  init(_ payload: Payload) {
    switch payload {
    case .json(let bytes):
      form = .json
      data = Data(bytes)
    case .bytes(let bytes, let type):
      form = .bytes
      data = Data(bytes)
      self.type = type
    case .blob(let range, let type):
      form = .blob
      blob = [range.blob, range.offset, range.length]
      self.type = type
    case .multipart(let parts):
      form = .multipart
      self.parts = parts.map(Part.init)
    case .concatenation(let parts, let type):
      form = .concatenation
      self.parts = parts.map(Part.init)
      self.type = type
    }
  }

  /// - Throws: `JournalError` when a field is missing.
  func payload() throws -> Payload {
    switch form {
    case .json: .json([UInt8](try data.orDamaged()))
    case .bytes: .bytes([UInt8](try data.orDamaged()), contentType: try type.orDamaged())
    case .blob: .blob(try range(), contentType: try type.orDamaged())
    case .multipart: .multipart(try parts.orDamaged().map { try $0.part() })
    case .concatenation:
      .concatenation(try parts.orDamaged().map { try $0.part() }, contentType: try type.orDamaged())
    }
  }

  private func range() throws -> BlobRange {
    let numbers = try blob.orDamaged()
    guard numbers.count == 3 else { throw JournalError.damaged }
    return BlobRange(blob: numbers[0], offset: numbers[1], length: numbers[2])
  }
}

extension StoredPayload.Part {
  init(_ part: PayloadPart) {
    name = part.name
    filename = part.filename
    base64 = part.base64
    body =
      switch part.body {
      case .json(let bytes): StoredPayload(.json(bytes))
      case .bytes(let bytes, let type): StoredPayload(.bytes(bytes, contentType: type))
      case .blob(let range, let type): StoredPayload(.blob(range, contentType: type))
      }
  }

  func part() throws -> PayloadPart {
    let inner: PayloadPart.Body =
      switch try body.payload() {
      case .json(let bytes): .json(bytes)
      case .bytes(let bytes, let type): .bytes(bytes, contentType: type)
      case .blob(let range, let type): .blob(range, contentType: type)
      case .multipart, .concatenation: throw JournalError.damaged
      }
    return PayloadPart(name: name, filename: filename, body: inner, base64: base64)
  }
}

extension JournalError {
  static let damaged = JournalError("an entry of the journal lacks a field")
}

extension Optional {
  /// - Throws: `JournalError` when there is nothing.
  func orDamaged() throws -> Wrapped {
    guard let self else { throw JournalError.damaged }
    return self
  }
}
