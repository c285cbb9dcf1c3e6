internal import CPatchbay
package import ConnectorModel
package import Ports

/// One operation behind the C table; owns a `patchbay_op` and calls `end` exactly once, unless it is abandoned.
///
/// `@unchecked Sendable`: one thread at a time drives an operation, as the port says.
@safe package final class COperation: StepOperation, @unchecked Sendable {
  private let pointer: OpaquePointer
  private let connector: CConnector
  private let log: @Sendable (ConnectorLogLine) -> Void
  private var now: UInt64
  private var hasEnded = false

  /// Takes over what `begin` made in `turn`.
  init(_ pointer: OpaquePointer, of connector: CConnector, turn: Turn) {
    unsafe self.pointer = pointer
    self.connector = connector
    log = turn.log
    now = turn.unixNanoseconds
  }

  deinit { end() }

  package func resume(_ events: [Event], _ turn: Turn) -> TurnRecord {
    now = turn.unixNanoseconds
    let table = connector.instance.table
    var record = TurnSlot.call(.turn, table.ledger, turn) { slot in
      let pointers = unsafe slot.arena.allocate(UnsafePointer<patchbay_event>?.self, events.count)
      return unsafe lend(events, from: 0, to: slot, pointers) {
        slot.arena.seal()
        return unsafe table.functions.resume(pointer, pointers, events.count, slot.out)
      }
    }
    record.dropPushesOfBrokenMachinery()
    return record
  }

  /// Keeps the bodies of all events in place, without copying them, while `body` runs.
  private func lend(
    _ events: [Event], from index: Int, to slot: TurnSlot,
    _ pointers: UnsafeMutablePointer<UnsafePointer<patchbay_event>?>, _ body: () -> patchbay_status
  ) -> patchbay_status {
    guard index < events.count else { return body() }
    return unsafe events[index].inlineBytes.withUnsafeBytes { bytes in
      unsafe (pointers + index).initialize(to: slot.arena.event(events[index], inline: bytes))
      return unsafe lend(events, from: index + 1, to: slot, pointers, body)
    }
  }

  package func end() {
    guard !hasEnded else { return }
    hasEnded = true
    var turn = TurnSlot.noTurn
    turn.unixNanoseconds = now
    turn.log = log
    let table = connector.instance.table
    let record = TurnSlot.call(.end, table.ledger, turn) { _ in
      unsafe table.functions.end(pointer)
      return OutcomeCode.ok.rawValue
    }
    // The operation has its outcome by now: what `end` broke can only be told.
    for violation in record.violations {
      log(ConnectorLogLine(.error, "the connector broke rule \(violation) (in `end`)"))
    }
  }

  package func abandon() {
    guard !hasEnded else { return }
    hasEnded = true
    // Rule L-4: `destroy` only when no operation is alive, and this one stays alive for ever.
    _ = unsafe Unmanaged.passRetained(connector)
  }
}
