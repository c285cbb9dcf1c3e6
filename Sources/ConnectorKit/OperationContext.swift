public import struct FoundationEssentials.Date
public import struct FoundationEssentials.UUID

/// Everything an operation may use of the world.
///
/// Valid inside the operation's own task and its children (`async let`, task groups, actors).
public struct OperationContext: Sendable {
  let run: OperationRun

  private var start: OperationStart? { run.start }

  /// What the manifest says about the connector's surroundings.
  public var configuration: ConnectorConfiguration { run.configuration }
  /// From 1.
  public var attempt: Int { Int(start?.attempt ?? 1) }
  /// The caller's key, empty when there is none.
  public var idempotencyKey: String { start?.idempotencyKey ?? "" }
  /// An earlier attempt may have taken effect: look before writing.
  public var mustReconcile: Bool { start?.attributes["patchbay.reconcile"] == "1" }
  /// When the order was given of which this is an attempt; nil where the host does not say.
  ///
  /// What an earlier attempt made is not older.
  public var orderedAt: Date? {
    start?.attributes["patchbay.ordered"].flatMap(Double.init).map(Date.init(timeIntervalSince1970:))
  }
  /// The platform's id of the account, nil while unknown.
  public var accountID: String? { start?.attributes["patchbay.account.id"] }
  /// When the host gives the operation up.
  public var deadline: Date { Date(unixNanoseconds: start?.deadline ?? 0) }

  /// What the host says of the account, by the manifest's `identity.keep`.
  public func accountFact(_ name: String) -> String? { start?.attributes["patchbay.account.\(name)"] }

  /// Any attribute; a webhook's headers and query among them.
  public func attribute(_ name: String) -> String? { start?.attributes[name] }

  // MARK: Time and chance

  /// The host's clock, frozen while no effect is awaited.
  ///
  /// The only clock there is.
  public var now: Date { get throws { Date(unixNanoseconds: try run.inTurn().unixNanoseconds) } }

  /// The next number of the operation's own sequence; the same again on replay.
  public func random() throws -> UInt64 { try run.inTurn().random() }

  /// A version 4 UUID from the operation's own sequence.
  public func uuid() throws -> UUID {
    let outlet = try run.inTurn()
    let high = (outlet.random() & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
    let low = (outlet.random() & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    func byte(_ word: UInt64, _ index: UInt64) -> UInt8 {
      UInt8(truncatingIfNeeded: word >> (56 - 8 * index))
    }
    return UUID(
      uuid: (
        byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
        byte(high, 6),
        byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4), byte(low, 5),
        byte(low, 6), byte(low, 7)
      ))
  }

  /// True when a long computation should give up.
  public var shouldStop: Bool { (try? run.inTurn().shouldStop) ?? true }

  /// Suspends on the host's clock; a long sleep survives a restart of the host.
  nonisolated(nonsending) public func sleep(for duration: Duration) async throws {
    let id = try run.push(timer: duration)
    _ = try await run.answer(to: id)
  }

  // MARK: HTTP

  /// Performs an exchange under the manifest's rules.
  ///
  /// - Throws: ``PlatformError`` for every outcome but `ok`; `CancellationError`.
  @inlinable @inline(__always)
  nonisolated(nonsending) public func http(
    _ request: consuming HTTPRequest
  ) async throws -> HTTPResponse {
    // Part of the author's function, so that the request, hundreds of bytes, is gone while that waits. Only what an
    // error names of it is kept.
    let (method, url) = (request.method, request.url)
    let effect = try ask(for: consume request)
    return try await response(to: effect, method: method, url: url)
  }

  @usableFromInline @inline(never) func ask(for request: consuming HTTPRequest) throws -> UInt64 {
    try run.push(http: request)
  }

  @usableFromInline
  nonisolated(nonsending) func response(
    to effect: UInt64, method: String, url: String
  ) async throws -> HTTPResponse {
    try await run.answer(to: effect).response(method: method, url: url)
  }

  // MARK: State, records, words

  /// The connector's own state for this connection.
  public var kv: KeyValueAccess { KeyValueAccess(run: run) }

  /// Sends a record out of the running operation.
  ///
  /// - Throws: `OperationError` with code `quota` when the host takes no more in this turn.
  public func emit(_ stream: String, _ value: some Encodable) throws {
    let status = try run.inTurn().emit(stream, .json(try StableJSON.encode(value)))
    guard status == .ok else {
      throw OperationError(status, "the host did not take a record of stream \(stream)")
    }
  }

  public var log: Log { Log(run: run) }

  /// Counts or measures under a name that the manifest declares.
  public func metric(_ kind: MetricKind, _ name: String, _ value: Double, labels: [HeaderField] = []) {
    (try? run.inTurn())?.metric(kind, name, value, labels)
  }

  /// Registers what to do should the operation be cancelled, for instance to abort an upload session.
  ///
  /// It runs in clean-up turns after the operation has unwound, newest first, within the host's grace time; it is
  /// not itself cancelled.
  public func onCancel(_ cleanUp: @escaping @Sendable () async throws -> Void) {
    run.addCleanUp(cleanUp)
  }
}

/// Structured lines to the host's log.
///
/// Cheap when the level is off.
public struct Log: Sendable {
  let run: OperationRun

  public func debug(_ message: @autoclosure () -> String, _ fields: [HeaderField] = []) {
    write(.debug, message, fields)
  }
  public func info(_ message: @autoclosure () -> String, _ fields: [HeaderField] = []) {
    write(.info, message, fields)
  }
  public func warning(_ message: @autoclosure () -> String, _ fields: [HeaderField] = []) {
    write(.warning, message, fields)
  }
  public func error(_ message: @autoclosure () -> String, _ fields: [HeaderField] = []) {
    write(.error, message, fields)
  }

  private func write(_ level: LogLevel, _ message: () -> String, _ fields: [HeaderField]) {
    guard let outlet = try? run.inTurn(), outlet.isLogged(level) else { return }
    outlet.log(level, message(), fields)
  }
}

extension Date {
  fileprivate init(unixNanoseconds: UInt64) {
    self.init(timeIntervalSince1970: Double(unixNanoseconds) / 1_000_000_000)
  }
}
