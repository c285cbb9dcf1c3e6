internal import ConnectorModel
package import Ports

internal import struct FoundationEssentials.Data

// Entries as bytes. Stored journals outlive the program that wrote them: new fields must be optional.
extension JournalEntry {
  /// The entry as a row whose bytes are in the clear.
  ///
  /// - Throws: `JournalError`, which our own values never cause.
  package func row() throws(JournalError) -> JournalRow {
    switch self {
    case .start(let start):
      JournalRow(.start, library: start.library, bytes: try Self.encode(StoredStart(start)))
    case .turn(let turn): JournalRow(.turn, bytes: try Self.encode(StoredTurn(turn)))
    case .intent(let intent):
      JournalRow(
        .intent, effect: intent.effect, bytes: try Self.encode(["fingerprint": Data(intent.fingerprint)]))
    case .result(let result):
      JournalRow(.result, effect: result.event.effect, bytes: try Self.encode(StoredResult(result)))
    case .deferred(let deferral):
      // It settles the intent before it, as a result does.
      JournalRow(
        .result, effect: deferral.effect, bytes: try Self.encode(StoredResult(postponed: deferral.until)))
    }
  }

  /// Reads a row whose bytes are in the clear.
  ///
  /// - Throws: `JournalError` when they are not what ``row()`` made.
  package init(_ row: JournalRow) throws(JournalError) {
    do {
      switch row.kind {
      case .start:
        self = .start(
          try StableJSON.decode(StoredStart.self, from: row.bytes).start(library: row.library ?? ""))
      case .turn: self = .turn(try StableJSON.decode(StoredTurn.self, from: row.bytes).turn())
      case .intent:
        let fields = try StableJSON.decode([String: Data].self, from: row.bytes)
        self = .intent(
          JournalIntent(effect: row.effect, fingerprint: [UInt8](try fields["fingerprint"].orDamaged())))
      case .result:
        let stored = try StableJSON.decode(StoredResult.self, from: row.bytes)
        if let until = stored.postponedUntil {
          self = .deferred(JournalDeferral(effect: row.effect, until: until))
        } else {
          self = .result(
            JournalResult(
              try stored.event.orDamaged().event(), performedWrite: try stored.performedWrite.orDamaged()))
        }
      }
    } catch {
      throw JournalError("a \(row.kind.rawValue) of the journal cannot be read")
    }
  }

  private static func encode(_ value: some Encodable) throws(JournalError) -> [UInt8] {
    do { return try StableJSON.encode(value) } catch { throw JournalError("an entry cannot be written") }
  }
}

private struct StoredStart: Codable {
  var kind: UInt32
  var name: String
  var input: StoredPayload
  var attributes: [StoredHeader]
  var deadline: UInt64
  var seed: UInt64
  var attempt: UInt32
  var idempotencyKey: String

  init(_ start: JournalStart) {
    let operation = start.operation
    kind = operation.kind.rawValue
    name = operation.name
    input = StoredPayload(operation.input)
    attributes = operation.attributes.map(StoredHeader.init)
    deadline = operation.deadline
    seed = operation.seed
    attempt = operation.attempt
    idempotencyKey = operation.idempotencyKey
  }

  func start(library: String) throws -> JournalStart {
    JournalStart(
      OperationStart(
        kind: try OperationStart.Kind(rawValue: kind).orDamaged(), name: name, input: try input.payload(),
        attributes: attributes.map(\.field), deadline: deadline, seed: seed, attempt: attempt,
        idempotencyKey: idempotencyKey), library: library)
  }
}

private struct StoredTurn: Codable {
  struct Push: Codable {
    var effect: UInt64
    /// Nil: the effect is given up.
    var kind: JournalPush.Kind?
    var isWrite: Bool?
    var fingerprint: Data?
  }

  var clock: UInt64
  var deadlineShift: UInt64
  var events: [StoredEvent]
  var stop: JournalStop?
  var pushes: [Push]
  var emits: Int
  var isTerminal: Bool

  init(_ turn: JournalTurn) {
    clock = turn.clock
    deadlineShift = turn.deadlineShift
    events = turn.events.map(StoredEvent.init)
    stop = turn.stop
    pushes = turn.pushes.map { push in
      switch push {
      case .effect(let id, let kind, let isWrite, let fingerprint):
        Push(effect: id, kind: kind, isWrite: isWrite ? true : nil, fingerprint: Data(fingerprint))
      case .cancelEffect(let id): Push(effect: id)
      }
    }
    emits = turn.emits
    isTerminal = turn.isTerminal
  }

  func turn() throws -> JournalTurn {
    JournalTurn(
      clock: clock, deadlineShift: deadlineShift, events: try events.map { try $0.event() }, stop: stop,
      pushes: try pushes.map { push in
        guard let kind = push.kind else { return .cancelEffect(push.effect) }
        return .effect(
          push.effect, kind, isWrite: push.isWrite ?? false,
          fingerprint: [UInt8](try push.fingerprint.orDamaged()))
      }, emits: emits, isTerminal: isTerminal)
  }
}

private struct StoredResult: Codable {
  var event: StoredEvent?
  var performedWrite: Bool?
  var postponedUntil: UInt64?

  init(_ result: JournalResult) {
    event = StoredEvent(result.event)
    performedWrite = result.performedWrite
  }

  init(postponed until: UInt64) { postponedUntil = until }
}
