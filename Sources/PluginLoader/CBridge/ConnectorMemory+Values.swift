internal import CPatchbay
internal import ConnectorModel
internal import Ports

extension ConnectorMemory {
  mutating func httpRequest(_ pointer: UnsafePointer<patchbay_http_req>?) throws(RuleViolation) -> HTTPRequest
  {
    let request = unsafe try structure(pointer, "an http request")
    try unsafe flags(request.flags, known: 0b111, "an http request")
    let method = unsafe try text(request.method, "an http method")
    guard Self.isMethod(method) else { throw RuleViolation("H-1", "an http method is not in upper case") }
    let headers = unsafe try pairs(request.headers, request.n_headers, "http headers")
    guard headers.allSatisfy(Self.isSound) else {
      throw RuleViolation("H-2", "an http header has a name or value that cannot stand in a header")
    }
    return HTTPRequest(
      method: method, url: unsafe try text(request.url, "a URL"),
      endpoint: unsafe try text(request.endpoint, "an endpoint's name"),
      auth: unsafe try text(request.auth, "an auth profile's name"), headers: headers,
      body: unsafe request.body == nil ? nil : try payload(request.body, "an http body"),
      idempotencyKey: unsafe try text(request.idempotency_key, "an idempotency key"),
      timeout: unsafe request.timeout_ms == 0 ? nil : .milliseconds(request.timeout_ms),
      maximumRedirects: unsafe request.max_redirects == 0 ? nil : Int(request.max_redirects),
      maximumResponse: unsafe request.max_response == 0 ? nil : Int(clamping: request.max_response),
      options: unsafe HTTPRequest.Options(rawValue: request.flags & 0b111))
  }

  mutating func keyValueRequest(
    _ pointer: UnsafePointer<patchbay_kv_req>?
  ) throws(RuleViolation) -> KeyValueRequest {
    let request = unsafe try structure(pointer, "a key-value request")
    guard let verb = unsafe KeyValueRequest.Verb(rawValue: request.verb) else {
      throw RuleViolation("K-1", "a key-value request has the unknown verb \(unsafe request.verb)")
    }
    let condition: KeyValueRequest.Condition =
      switch unsafe request.cas {
      case .max: .any
      case 0: .absent
      default: .version(unsafe request.cas)
      }
    return KeyValueRequest(
      verb, key: unsafe try text(request.key, "a key"), value: unsafe try bytes(request.value, "a value"),
      condition: condition,
      timeToLive: unsafe request.ttl_ms == 0 ? nil : .milliseconds(request.ttl_ms))
  }

  mutating func failure(_ pointer: UnsafePointer<patchbay_error>?) throws(RuleViolation) -> OperationError {
    let error = unsafe try structure(pointer, "an error")
    guard unsafe error.code != 0 else { throw RuleViolation("R-1", "`fail` was called with code OK") }
    let retry: OperationError.Retry =
      switch unsafe Int(error.retry) {
      case PATCHBAY_RETRY_SAFE: .safe
      case PATCHBAY_RETRY_AFTER: .after(.milliseconds(unsafe error.retry_after_ms))
      case PATCHBAY_RETRY_UNKNOWN_OUTCOME: .unknownOutcome
      default: .no
      }
    return OperationError(
      OutcomeCode(abi: unsafe error.code), unsafe try text(error.message, "an error's message"), retry: retry,
      httpStatus: unsafe Int(error.http_status),
      userMessage: unsafe try text(error.user_message, "an error's user_message"),
      platformCode: unsafe try text(error.platform_code, "an error's platform_code"),
      requestID: unsafe try text(error.request_id, "an error's request_id"),
      pointer: unsafe try text(error.pointer, "an error's pointer"),
      detail: unsafe error.detail_json.len == 0 ? [] : try json(error.detail_json, "an error's detail"))
  }

  mutating func payload(
    _ pointer: UnsafePointer<patchbay_payload>?, _ what: String
  ) throws(RuleViolation) -> Payload {
    let payload = unsafe try structure(pointer, what)
    switch unsafe Int(payload.format) {
    case PATCHBAY_MULTIPART: return .multipart(unsafe try parts(payload, what))
    case PATCHBAY_CONCAT:
      return .concatenation(
        unsafe try parts(payload, what), contentType: unsafe try text(payload.content_type, "a media type"))
    default:
      switch unsafe try simple(payload, what) {
      case .json(let bytes): return .json(bytes)
      case .bytes(let bytes, let type): return .bytes(bytes, contentType: type)
      case .blob(let range, let type): return .blob(range, contentType: type)
      }
    }
  }

  /// A payload without parts.
  private mutating func simple(
    _ payload: patchbay_payload, _ what: String
  ) throws(RuleViolation) -> PayloadPart.Body {
    switch unsafe Int(payload.format) {
    case PATCHBAY_JSON: return .json(unsafe try json(payload.data, what))
    case PATCHBAY_BYTES:
      return .bytes(
        unsafe try bytes(payload.data, what),
        contentType: unsafe try text(payload.content_type, "a media type"))
    case PATCHBAY_BLOB:
      let end = unsafe payload.blob_offset.addingReportingOverflow(payload.blob_length)
      guard unsafe payload.blob > 0, !end.overflow else {
        throw RuleViolation("P-4", "\(what) has blob handle 0 or a range beyond 64 bits")
      }
      return .blob(
        unsafe BlobRange(blob: payload.blob, offset: payload.blob_offset, length: payload.blob_length),
        contentType: unsafe try text(payload.content_type, "a media type"))
    case PATCHBAY_MULTIPART, PATCHBAY_CONCAT: throw RuleViolation("P-3", "\(what) has parts within a part")
    default: throw RuleViolation("P-1", "\(what) has the unknown format \(unsafe payload.format)")
    }
  }

  private mutating func parts(_ payload: patchbay_payload, _ what: String) throws(RuleViolation)
    -> [PayloadPart]
  {
    let count = unsafe payload.n_parts
    if count == 0 { return [] }
    guard count > 0, count <= Maximum.parts else {
      throw RuleViolation("M-9", "\(what) has \(count) parts, over \(Maximum.parts)")
    }
    guard let pointers = unsafe payload.parts else { throw RuleViolation("M-4", "\(what) has NULL parts") }
    guard UInt(bitPattern: pointers) % 8 == 0 else { throw RuleViolation("M-6", "\(what) is not aligned") }
    var parts: [PayloadPart] = []
    for index in 0..<count {
      let part = unsafe try structure(pointers[index], "a part of \(what)")
      try unsafe flags(part.flags, known: 1, "a part of \(what)")
      parts.append(
        PayloadPart(
          name: unsafe try text(part.name, "a part's name"),
          filename: unsafe try text(part.filename, "a part's file name"),
          body: unsafe try simple(try structure(part.body, "a part's body"), "a part's body"),
          base64: unsafe part.flags & 1 != 0))
    }
    return parts
  }

  private static func isMethod(_ method: String) -> Bool {
    !method.isEmpty && method.utf8.count <= 32
      && method.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// A token as name, and no line break or NUL in the value (RFC 9110, 5.1 and 5.5).
  private static func isSound(_ header: HeaderField) -> Bool {
    !header.name.isEmpty
      && header.name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
          UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
          true
        default: false
        }
      } && header.value.utf8.allSatisfy { $0 != 0 && $0 != 0x0A && $0 != 0x0D }
  }
}
