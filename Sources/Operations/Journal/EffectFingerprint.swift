internal import ConnectorModel

/// Tells one effect from another without keeping it.
///
/// Every field is preceded by its length, so that no two different effects give the same bytes.
enum EffectFingerprint {
  /// - Parameter digest: SHA-256.
  static func of(_ effect: Effect, digest: ([UInt8]) -> [UInt8]) -> [UInt8] {
    var fields = Fields()
    switch effect {
    case .http(let request): fields.add(request)
    case .keyValue(let request): fields.add(request)
    case .timer(let delay):
      fields.add("timer")
      fields.add(delay)
    }
    return digest(fields.bytes)
  }

  private struct Fields {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ field: [UInt8]) {
      add(UInt64(field.count))
      bytes += field
    }

    /// Eight bytes, the high one first.
    mutating func add(_ number: UInt64) {
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }

    mutating func add(_ duration: Duration) {
      let (seconds, attoseconds) = duration.components
      add(UInt64(bitPattern: seconds))
      add(UInt64(bitPattern: attoseconds))
    }

    mutating func add(_ request: HTTPRequest) {
      for text in [
        "http", request.method, request.url, request.endpoint, request.auth, request.idempotencyKey,
      ] {
        add(text)
      }
      add(UInt64(request.headers.count))
      for header in request.headers {
        add(header.name)
        add(header.value)
      }
      if let body = request.body { add(body) } else { add("none") }
      // What the answer looks like depends on these, too.
      add(request.options.rawValue)
      add(request.timeout ?? .zero)
      add(request.maximumRedirects.map { UInt64(clamping: $0) } ?? .max)
      add(request.maximumResponse.map { UInt64(clamping: $0) } ?? .max)
    }

    mutating func add(_ request: KeyValueRequest) {
      add("kv")
      add(UInt64(request.verb.rawValue))
      add(request.key)
      add(request.value)
      switch request.condition {
      case .any: add("any")
      case .absent: add("absent")
      case .version(let version):
        add("version")
        add(version)
      }
      add(request.timeToLive ?? .zero)
    }

    mutating func add(_ payload: Payload) {
      switch payload {
      case .json(let bytes):
        add("json")
        add(bytes)
      case .bytes(let bytes, let type):
        add("bytes")
        add(type)
        add(bytes)
      case .blob(let range, let type):
        add("blob")
        add(type)
        add(range)
      case .multipart(let parts):
        add("multipart")
        add(parts)
      case .concatenation(let parts, let type):
        add("concatenation")
        add(type)
        add(parts)
      }
    }

    mutating func add(_ parts: [PayloadPart]) {
      add(UInt64(parts.count))
      for part in parts {
        add(part.name)
        add(part.filename)
        add(part.base64 ? 1 : 0)
        switch part.body {
        case .json(let bytes): add(.json(bytes))
        case .bytes(let bytes, let type): add(.bytes(bytes, contentType: type))
        case .blob(let range, let type): add(.blob(range, contentType: type))
        }
      }
    }

    mutating func add(_ range: BlobRange) {
      add(range.blob)
      add(range.offset)
      add(range.length)
    }
  }
}
