internal import ConnectorModel
internal import Operations
internal import Ports
internal import Synchronization

/// Takes the records of one run: keeps them until a checkpoint, then stores them with its cursor.
final class SyncIntake: RecordSink {
  /// Bytes of a record's JSON, of its names, and of a cursor.
  static let maximumRecord = 256 << 10
  static let maximumName = 512
  static let maximumCursor = 64 << 10

  private struct State {
    var sync: SyncState
    var held: [SyncRecord] = []
    var bytes = 0
    var taken = 0
    var tally = SyncTally()
    var hasMoved = false
    /// The latest call; each begins after the one before has ended.
    var work: Task<Void, Never>?
  }

  private let schemas: ActionSchemas
  private let store: any SyncStore
  private let clock: any HostClock
  private let state: Mutex<State>

  init(_ sync: SyncState, schemas: ActionSchemas, store: any SyncStore, clock: any HostClock) {
    self.schemas = schemas
    self.store = store
    self.clock = clock
    state = Mutex(State(sync: sync))
  }

  /// What the run came to so far.
  var tally: SyncTally { state.withLock { $0.tally } }

  func take(_ records: [OperationReport.Record], done: @escaping @Sendable (RecordVerdict) -> Void) {
    let work = Task { done(await self.taken(records)) }
    state.withLock { $0.work = work }
  }

  /// Stores how the run ended, a success with the records since its last checkpoint; those of another go.
  ///
  /// - Returns: the stream as it stands now.
  func close(_ report: OperationReport, order: SyncBook.Order?, by machine: SyncMachine)
    async throws(StoreError) -> (state: SyncState, ending: SyncMachine.Ending)
  {
    await state.withLock { $0.work }?.value
    let ending = ending(of: report, order)
    let now = clock.unixNanoseconds
    let (sync, held, hasMoved) = state.withLock { ($0.sync, $0.held, $0.hasMoved) }
    var final = machine.ended(sync, ending, hasMoved: hasMoved, now: now)
    var rest: [SyncRecord] = []
    if case .succeeded = ending { rest = held }
    final.runRecords += rest.count
    try await commit(rest, final)
    return (final, ending)
  }

  private func ending(of report: OperationReport, _ order: SyncBook.Order?) -> SyncMachine.Ending {
    switch report.outcome {
    case .succeeded(let payload):
      do throws(OperationError) {
        return .succeeded(cursor: try Self.cursor(in: payload, of: "its result"))
      } catch {
        return .failed(error)
      }
    case .failed(let error): return order != nil && error.code == .cancelled ? .interrupted : .failed(error)
    case .suspended, .parked, .fenced: return .interrupted
    }
  }

  // MARK: One turn

  private func taken(_ records: [OperationReport.Record]) async -> RecordVerdict {
    var isProgress = false
    do {
      for record in records {
        switch record.stream {
        case "record":
          let made = try read(record.payload)
          state.withLock { state in
            state.taken += 1
            state.held.append(made)
            state.bytes += made.value.count
          }
        case "checkpoint":
          try await checkpoint(try Self.cursor(in: record.payload, of: "a checkpoint"))
          isProgress = true
        default:
          throw OperationError(
            .protocol,
            "the connector broke rule S-13: a sync emitted to a stream that is neither record nor checkpoint")
        }
      }
    } catch {
      return .refused(Self.refusal(error))
    }
    return state.withLock { .taken(held: $0.held.count, bytes: $0.bytes, isProgress: isProgress) }
  }

  private func checkpoint(_ cursor: String?) async throws {
    let (sync, held) = state.withLock { state in
      var sync = state.sync
      sync.cursor = cursor
      sync.runRecords += state.held.count
      return (sync, state.held)
    }
    try await commit(held, sync)
    state.withLock { state in
      state.sync = sync
      state.held = []
      state.bytes = 0
      state.hasMoved = true
    }
  }

  private func commit(_ records: [SyncRecord], _ sync: SyncState) async throws(StoreError) {
    let tally = try await store.commit(records, sync, now: clock.unixNanoseconds)
    state.withLock { state in
      state.tally.new += tally.new
      state.tally.changed += tally.changed
      state.tally.unchanged += tally.unchanged
    }
  }

  private static func refusal(_ error: any Error) -> OperationError {
    if let error = error as? OperationError { return error }
    if let error = error as? StoreError, error.code == .notFound {
      return OperationError(.cancelled, "the connection was removed")
    }
    return OperationError(.internal, "a checkpoint could not be stored: \(error)", retry: .safe)
  }

  // MARK: Records

  private func read(_ payload: Payload) throws(OperationError) -> SyncRecord {
    let (sync, number) = state.withLock { ($0.sync, $0.taken + 1) }
    let value = try Self.value(of: payload, "record \(number)")
    if let finding = schemas.complaint(aboutRecord: value, of: sync.stream) {
      throw OperationError(
        .protocol, "record \(number) is not as the manifest's schema has it: \(finding.message)",
        pointer: finding.pointer)
    }
    let id = try Self.name("id", in: value, of: number)
    guard let id else {
      throw OperationError(
        .protocol, "record \(number) has no id: give each one that stays the same", pointer: "/id")
    }
    let subject = try Self.name("subject", in: value, of: number)
    let kind = try Self.name("kind", in: value, of: number)
    var at: UInt64?
    if let text = try Self.name("at", in: value, of: number) {
      at = Timestamp.nanoseconds(text)
      guard at != nil else {
        throw OperationError(.protocol, "the time of record \(number) is not RFC 3339", pointer: "/at")
      }
    }
    guard let bytes = try? StableJSON.encode(value), bytes.count <= Self.maximumRecord else {
      throw OperationError(.protocol, "record \(number) is longer than \(Self.maximumRecord) bytes")
    }
    return SyncRecord(
      tenant: sync.tenant, connection: sync.connection, stream: sync.stream, id: id, subject: subject ?? id,
      kind: kind ?? sync.stream, at: at, value: bytes, firstSeen: clock.unixNanoseconds)
  }

  private static func name(_ member: String, in value: JSONValue, of number: Int) throws(OperationError)
    -> String?
  {
    guard let found = value[member], found != .null else { return nil }
    guard let text = found.plainText, !text.isEmpty, text.utf8.count <= maximumName else {
      throw OperationError(
        .protocol, "member \(member) of record \(number) is no text of 1 to \(maximumName) bytes",
        pointer: "/\(member)")
    }
    return text
  }

  private static func cursor(in payload: Payload, of what: String) throws(OperationError) -> String? {
    guard let found = try value(of: payload, what)["cursor"], found != .null else { return nil }
    guard let text = found.text, text.utf8.count <= maximumCursor else {
      throw OperationError(
        .protocol,
        "the connector broke rule S-13: the cursor of \(what) is no text of at most \(maximumCursor) bytes")
    }
    return text
  }

  private static func value(of payload: Payload, _ what: String) throws(OperationError) -> JSONValue {
    guard let bytes = payload.inlineBytes, let value = try? StableJSON.decode(JSONValue.self, from: bytes),
      case .object = value
    else {
      throw OperationError(.protocol, "the connector broke rule S-13: \(what) is no JSON object")
    }
    return value
  }
}
