internal import CPatchbay
internal import ConnectorModel
internal import Ports

extension TurnArena {
  func text(_ text: String) -> patchbay_str {
    if text.isEmpty { return unsafe patchbay_str(ptr: nil, len: 0) }
    let count = text.utf8.count
    let copy = unsafe allocate(UInt8.self, count)
    _ = unsafe UnsafeMutableBufferPointer(start: copy, count: count).initialize(from: text.utf8)
    return unsafe patchbay_str(
      ptr: UnsafeRawPointer(copy).assumingMemoryBound(to: CChar.self), len: count)
  }

  func bytes(_ bytes: [UInt8]) -> patchbay_bytes {
    if bytes.isEmpty { return unsafe patchbay_bytes(ptr: nil, len: 0) }
    let copy = unsafe allocate(UInt8.self, bytes.count)
    _ = unsafe UnsafeMutableBufferPointer(start: copy, count: bytes.count).initialize(from: bytes)
    return unsafe patchbay_bytes(ptr: copy, len: bytes.count)
  }

  func pairs(_ fields: [HeaderField]) -> UnsafePointer<patchbay_pair>? {
    if fields.isEmpty { return nil }
    let pairs = unsafe allocate(patchbay_pair.self, fields.count)
    for index in fields.indices {
      unsafe pairs[index] = patchbay_pair(name: text(fields[index].name), value: text(fields[index].value))
    }
    return unsafe UnsafePointer(pairs)
  }

  /// A payload whose own inline bytes are lent instead of copied: `inline` must outlive the call.
  func payload(_ payload: Payload, inline: UnsafeRawBufferPointer) -> UnsafePointer<patchbay_payload> {
    let made = unsafe allocate(patchbay_payload.self, 1)
    unsafe made.initialize(to: patchbay_payload())
    unsafe made.pointee.struct_size = UInt32(MemoryLayout<patchbay_payload>.size)
    switch payload {
    case .json: unsafe lend(inline, PATCHBAY_JSON, "", to: made)
    case .bytes(_, let type): unsafe lend(inline, PATCHBAY_BYTES, type, to: made)
    case .blob(let range, let type): unsafe fill(range, type, to: made)
    case .multipart(let parts): unsafe fill(parts, PATCHBAY_MULTIPART, "", to: made)
    case .concatenation(let parts, let type): unsafe fill(parts, PATCHBAY_CONCAT, type, to: made)
    }
    return unsafe UnsafePointer(made)
  }

  private func lend(
    _ bytes: UnsafeRawBufferPointer, _ format: Int, _ type: String,
    to payload: UnsafeMutablePointer<patchbay_payload>
  ) {
    unsafe payload.pointee.format = UInt32(format)
    var start = bytes.baseAddress
    if lendsCopies, bytes.count > 0 {
      let copy = unsafe allocate(UInt8.self, bytes.count)
      unsafe UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyMemory(from: bytes)
      unsafe start = UnsafeRawPointer(copy)
    }
    unsafe payload.pointee.data = patchbay_bytes(
      ptr: start?.assumingMemoryBound(to: UInt8.self), len: bytes.count)
    unsafe payload.pointee.content_type = text(type)
  }

  private func fill(
    _ range: BlobRange, _ type: String, to payload: UnsafeMutablePointer<patchbay_payload>
  ) {
    unsafe payload.pointee.format = UInt32(PATCHBAY_BLOB)
    unsafe payload.pointee.blob = range.blob
    unsafe payload.pointee.blob_offset = range.offset
    unsafe payload.pointee.blob_length = range.length
    unsafe payload.pointee.content_type = text(type)
  }

  private func fill(
    _ parts: [PayloadPart], _ format: Int, _ type: String, to payload: UnsafeMutablePointer<patchbay_payload>
  ) {
    let pointers = unsafe allocate(UnsafePointer<patchbay_part>?.self, parts.count)
    for index in parts.indices { unsafe (pointers + index).initialize(to: part(parts[index])) }
    unsafe payload.pointee.format = UInt32(format)
    unsafe payload.pointee.content_type = text(type)
    unsafe payload.pointee.parts = UnsafePointer(pointers)
    unsafe payload.pointee.n_parts = parts.count
  }

  /// Parts occur in what connectors send, hardly in what they are sent: their bytes are simply copied.
  private func part(_ part: PayloadPart) -> UnsafePointer<patchbay_part> {
    let made = unsafe allocate(patchbay_part.self, 1)
    let copied: patchbay_bytes
    let whole: Payload
    switch part.body {
    case .json(let data): unsafe (copied, whole) = unsafe (bytes(data), .json([]))
    case .bytes(let data, let type):
      unsafe (copied, whole) = unsafe (bytes(data), .bytes([], contentType: type))
    case .blob(let range, let type):
      unsafe (copied, whole) = unsafe (patchbay_bytes(ptr: nil, len: 0), .blob(range, contentType: type))
    }
    let body = unsafe payload(whole, inline: UnsafeRawBufferPointer(start: copied.ptr, count: copied.len))
    unsafe made.initialize(
      to: patchbay_part(
        struct_size: UInt32(MemoryLayout<patchbay_part>.size), reserved: 0, flags: part.base64 ? 1 : 0,
        name: text(part.name), filename: text(part.filename), body: body))
    return unsafe UnsafePointer(made)
  }

  func event(_ event: Event, inline: UnsafeRawBufferPointer) -> UnsafePointer<patchbay_event> {
    let made = unsafe allocate(patchbay_event.self, 1)
    unsafe made.initialize(to: patchbay_event())
    unsafe made.pointee.struct_size = UInt32(MemoryLayout<patchbay_event>.size)
    unsafe made.pointee.effect = event.effect
    switch event.kind {
    case .http(let answer): unsafe fill(answer, inline, to: made)
    case .keyValue(let answer):
      unsafe made.pointee.kind = UInt32(PATCHBAY_EVENT_KV)
      unsafe made.pointee.outcome = answer.outcome.rawValue
      unsafe made.pointee.version = answer.version
      unsafe made.pointee.message = text(answer.message)
      if answer.version > 0 {
        unsafe made.pointee.body = payload(.bytes([], contentType: ""), inline: inline)
      }
    case .timer: unsafe made.pointee.kind = UInt32(PATCHBAY_EVENT_TIMER)
    case .cancel: unsafe made.pointee.kind = UInt32(PATCHBAY_EVENT_CANCEL)
    }
    return unsafe UnsafePointer(made)
  }

  private func fill(
    _ answer: HTTPAnswer, _ inline: UnsafeRawBufferPointer, to event: UnsafeMutablePointer<patchbay_event>
  ) {
    unsafe event.pointee.kind = UInt32(PATCHBAY_EVENT_HTTP)
    unsafe event.pointee.outcome = answer.outcome.rawValue
    unsafe event.pointee.http_status = UInt32(clamping: answer.status)
    unsafe event.pointee.headers = pairs(answer.headers)
    unsafe event.pointee.n_headers = answer.headers.count
    if answer.status != 0 || inline.count > 0 {
      unsafe event.pointee.body = payload(answer.body, inline: inline)
    }
    unsafe event.pointee.retry_after_ms = answer.retryAfter?.millisecondsRoundedUp ?? 0
    unsafe event.pointee.message = text(answer.message)
    unsafe event.pointee.platform_code = text(answer.platformCode)
    unsafe event.pointee.request_id = text(answer.requestID)
  }
}

extension Payload {
  /// Lends the inline bytes of `json` and `bytes` for the call, else nothing.
  func withInlineBytes<Result>(_ use: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .json(let bytes), .bytes(let bytes, _): unsafe bytes.withUnsafeBytes(use)
    case .blob, .multipart, .concatenation: unsafe use(UnsafeRawBufferPointer(start: nil, count: 0))
    }
  }
}

extension Event {
  /// The bytes that came with the event.
  var inlineBytes: [UInt8] {
    switch kind {
    case .http(let answer): answer.body.inlineBytes ?? []
    case .keyValue(let answer): answer.value
    case .timer, .cancel: []
    }
  }
}
