internal import CPatchbay
internal import ConnectorModel

// Reading what the host lends for one call: everything is copied here, nothing is kept.

extension String {
  init(borrowed text: patchbay_str) {
    guard unsafe text.len > 0 else {
      self = ""
      return
    }
    // As bytes in one piece: through a mapped view it would go one by one.
    self = unsafe String(
      decoding: UnsafeRawBufferPointer(start: text.ptr, count: text.len), as: UTF8.self)
  }
}

extension [UInt8] {
  init(borrowed bytes: patchbay_bytes) {
    self = unsafe Array(UnsafeBufferPointer(start: bytes.ptr, count: bytes.len))
  }
}

extension [HeaderField] {
  init(borrowed pairs: UnsafePointer<patchbay_pair>?, count: Int) {
    self = unsafe UnsafeBufferPointer(start: pairs, count: count).map { pair in
      unsafe HeaderField(String(borrowed: pair.name), String(borrowed: pair.value))
    }
  }
}

extension HeaderBlock {
  init(borrowed pairs: UnsafePointer<patchbay_pair>?, count: Int) {
    let pairs = unsafe UnsafeBufferPointer(start: pairs, count: count)
    let size = unsafe pairs.reduce(0) { size, pair in
      unsafe size + 2 * Self.lengthBytes + pair.name.len + pair.value.len
    }
    unsafe self.init(
      packed: [UInt8](unsafeUninitializedCapacity: size) { buffer, used in
        var rest = UnsafeMutableRawBufferPointer(buffer)
        for index in pairs.indices {
          let pair = unsafe pairs[index]
          let lengths = unsafe (pair.name.len.littleEndian, pair.value.len.littleEndian)
          unsafe withUnsafeBytes(of: lengths) { unsafe rest.take($0) }
          unsafe rest.take(UnsafeRawBufferPointer(start: pair.name.ptr, count: pair.name.len))
          unsafe rest.take(UnsafeRawBufferPointer(start: pair.value.ptr, count: pair.value.len))
        }
        used = size
      })
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Fills the front and goes on behind it.
  fileprivate mutating func take(_ bytes: UnsafeRawBufferPointer) {
    unsafe copyMemory(from: bytes)
    unsafe self = UnsafeMutableRawBufferPointer(rebasing: self[bytes.count...])
  }
}

extension Payload {
  init(borrowed payload: UnsafePointer<patchbay_payload>?) {
    guard let payload = unsafe payload?.pointee else {
      self = .bytes([], contentType: "")
      return
    }
    switch unsafe Int(payload.format) {
    case Int(PATCHBAY_JSON):
      self = unsafe .json([UInt8](borrowed: payload.data))
    case Int(PATCHBAY_BLOB):
      self = unsafe .blob(
        BlobRange(blob: payload.blob, offset: payload.blob_offset, length: payload.blob_length),
        contentType: String(borrowed: payload.content_type))
    default:
      self = unsafe .bytes(
        [UInt8](borrowed: payload.data), contentType: String(borrowed: payload.content_type))
    }
  }
}

extension OperationStart {
  /// Nil for a kind that this kit does not know.
  init?(borrowed start: patchbay_op_start) {
    guard let kind = unsafe Kind(rawValue: start.kind) else { return nil }
    unsafe self.init(
      kind: kind, name: String(borrowed: start.name), input: Payload(borrowed: start.input),
      attributes: [HeaderField](borrowed: start.attrs, count: start.n_attrs),
      deadline: start.deadline_unix_ns,
      seed: start.seed, attempt: start.attempt, idempotencyKey: String(borrowed: start.idempotency_key))
  }
}

extension Answer {
  /// Nil for a kind that this kit does not know, which it may then ignore.
  init?(borrowed event: patchbay_event) {
    if unsafe Int(event.kind) == PATCHBAY_EVENT_HTTP, unsafe event.outcome == OutcomeCode.ok.rawValue {
      self = unsafe .response(
        HTTPResponse(
          status: Int(event.http_status),
          headers: HeaderBlock(borrowed: event.headers, count: event.n_headers),
          body: Payload(borrowed: event.body)))
    } else if let event = unsafe Event(borrowed: event) {
      self = .event(event.kind)
    } else {
      return nil
    }
  }
}

extension Event {
  /// Nil for a kind that this kit does not know, which it may then ignore.
  init?(borrowed event: patchbay_event) {
    let outcome = unsafe OutcomeCode(abi: event.outcome)
    let kind: Kind
    switch unsafe Int(event.kind) {
    case Int(PATCHBAY_EVENT_HTTP):
      kind = unsafe .http(
        HTTPAnswer(
          outcome: outcome, status: Int(event.http_status),
          headers: [HeaderField](borrowed: event.headers, count: event.n_headers),
          body: Payload(borrowed: event.body),
          message: String(borrowed: event.message), platformCode: String(borrowed: event.platform_code),
          requestID: String(borrowed: event.request_id),
          retryAfter: event.retry_after_ms == 0 ? nil : .milliseconds(Int64(clamping: event.retry_after_ms))))
    case Int(PATCHBAY_EVENT_KV):
      kind = unsafe .keyValue(
        KeyValueAnswer(
          outcome: outcome, value: Payload(borrowed: event.body).inlineBytes ?? [], version: event.version,
          message: String(borrowed: event.message)))
    case Int(PATCHBAY_EVENT_TIMER): kind = .timer
    case Int(PATCHBAY_EVENT_CANCEL): kind = .cancel
    default: return nil
    }
    unsafe self.init(effect: event.effect, kind)
  }
}
