internal import CPatchbay
internal import ConnectorModel

/// The host behind its two C tables, for the duration of one call.
///
/// The pointers are the host's and die with the call (`patchbay_out`) or the instance (`patchbay_host`);
/// `OperationRun` drops the outlet at the end of the turn.
@safe
struct HostOutlet: Outlet {
  private let out: UnsafePointer<patchbay_out>
  private let host: UnsafePointer<patchbay_host>

  init(out: UnsafePointer<patchbay_out>, host: UnsafePointer<patchbay_host>) {
    unsafe self.out = out
    unsafe self.host = host
  }

  func push(_ effect: Effect) -> UInt64 {
    switch effect {
    case .http(let request): push(http: request)
    case .keyValue(let request): Arena.with { push(keyValue: request, &$0) }
    case .timer(let delay): unsafe out.pointee.timer(out.pointee.ctx, delay.wholeMilliseconds)
    }
  }

  func push(http request: HTTPRequest) -> UInt64 { Arena.with { push(http: request, &$0) } }

  private func push(http request: HTTPRequest, _ arena: inout Arena) -> UInt64 {
    var raw = unsafe patchbay_http_req()
    unsafe raw.struct_size = UInt32(MemoryLayout<patchbay_http_req>.size)
    unsafe raw.flags = request.options.rawValue
    unsafe raw.method = arena.string(request.method)
    unsafe raw.url = arena.string(request.url)
    unsafe raw.endpoint = arena.string(request.endpoint)
    unsafe raw.auth = arena.string(request.auth)
    unsafe raw.idempotency_key = arena.string(request.idempotencyKey)
    unsafe raw.headers = arena.pairs(request.headers)
    unsafe raw.n_headers = request.headers.count
    unsafe raw.body = request.body.map { unsafe arena.payload($0) }
    unsafe raw.timeout_ms = request.timeout.map { UInt32(clamping: $0.wholeMilliseconds) } ?? 0
    unsafe raw.max_redirects = request.maximumRedirects.map { UInt32(clamping: $0) } ?? 0
    unsafe raw.max_response = request.maximumResponse.map { UInt64($0) } ?? 0
    return unsafe out.pointee.http(out.pointee.ctx, &raw)
  }

  private func push(keyValue request: KeyValueRequest, _ arena: inout Arena) -> UInt64 {
    var raw = unsafe patchbay_kv_req()
    unsafe raw.struct_size = UInt32(MemoryLayout<patchbay_kv_req>.size)
    unsafe raw.verb = request.verb.rawValue
    unsafe raw.key = arena.string(request.key)
    unsafe raw.value = arena.bytes(request.value)
    unsafe raw.cas =
      switch request.condition {
      case .any: .max
      case .absent: 0
      case .version(let version): version
      }
    unsafe raw.ttl_ms = request.timeToLive?.wholeMilliseconds ?? 0
    return unsafe out.pointee.kv(out.pointee.ctx, &raw)
  }

  func cancelEffect(_ id: UInt64) { unsafe out.pointee.cancel_effect(out.pointee.ctx, id) }

  func emit(_ stream: String, _ payload: Payload) -> OutcomeCode {
    Arena.with { arena in
      unsafe OutcomeCode(
        abi: out.pointee.emit(out.pointee.ctx, arena.string(stream), arena.payload(payload)))
    }
  }

  func complete(_ json: [UInt8]) {
    Arena.with { unsafe out.pointee.complete(out.pointee.ctx, $0.payload(.json(json))) }
  }

  func fail(_ error: OperationError) { unsafe Self.fail(error, to: out) }

  /// For entry, `describe` and `create`, which have no host table yet.
  static func fail(_ error: OperationError, to out: UnsafePointer<patchbay_out>) {
    Arena.with { unsafe fail(error, to: out, &$0) }
  }

  private static func fail(
    _ error: OperationError, to out: UnsafePointer<patchbay_out>, _ arena: inout Arena
  ) {
    var raw = unsafe patchbay_error()
    unsafe raw.struct_size = UInt32(MemoryLayout<patchbay_error>.size)
    unsafe raw.code = error.code.rawValue
    switch error.retry {
    case .no: unsafe raw.retry = UInt32(PATCHBAY_RETRY_NO)
    case .safe: unsafe raw.retry = UInt32(PATCHBAY_RETRY_SAFE)
    case .after(let delay):
      unsafe raw.retry = UInt32(PATCHBAY_RETRY_AFTER)
      unsafe raw.retry_after_ms = delay.wholeMilliseconds
    case .unknownOutcome: unsafe raw.retry = UInt32(PATCHBAY_RETRY_UNKNOWN_OUTCOME)
    }
    unsafe raw.http_status = UInt32(clamping: error.httpStatus)
    unsafe raw.message = arena.string(error.message)
    unsafe raw.user_message = arena.string(error.userMessage)
    unsafe raw.platform_code = arena.string(error.platformCode)
    unsafe raw.request_id = arena.string(error.requestID)
    unsafe raw.pointer = arena.string(error.pointer)
    unsafe raw.detail_json = arena.bytes(error.detail)
    unsafe out.pointee.fail(out.pointee.ctx, &raw)
  }

  var unixNanoseconds: UInt64 { unsafe host.pointee.unix_ns(host.pointee.ctx) }

  func random() -> UInt64 { unsafe host.pointee.random(host.pointee.ctx) }

  var shouldStop: Bool { unsafe host.pointee.should_stop(host.pointee.ctx) != 0 }

  func isLogged(_ level: LogLevel) -> Bool {
    unsafe host.pointee.log_enabled(host.pointee.ctx, level.rawValue) != 0
  }

  func log(_ level: LogLevel, _ message: String, _ fields: [HeaderField]) {
    Arena.with { arena in
      unsafe host.pointee.log(
        host.pointee.ctx, level.rawValue, arena.string(message), arena.pairs(fields), fields.count)
    }
  }

  func metric(_ kind: MetricKind, _ name: String, _ value: Double, _ labels: [HeaderField]) {
    Arena.with { arena in
      unsafe host.pointee.metric(
        host.pointee.ctx, kind.rawValue, arena.string(name), value, arena.pairs(labels), labels.count)
    }
  }
}

extension Duration {
  /// Rounded up, so that no wait is too short; 0 for negative durations.
  fileprivate var wholeMilliseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (milliseconds, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1000)
    return overflow
      ? .max : milliseconds &+ UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
