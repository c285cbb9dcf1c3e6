internal import CPatchbay
internal import ConnectorModel
internal import Ports

/// Owns a `patchbay_instance`; `deinit` calls `destroy`, exactly once, on a thread of its own.
///
/// `@unchecked Sendable`: the pointer is only handed back to the connector, which owns what is behind it.
@safe final class InstanceHandle: @unchecked Sendable {

  let pointer: OpaquePointer
  let table: ConnectorTable

  init(_ pointer: OpaquePointer, _ table: ConnectorTable) {
    unsafe self.pointer = pointer
    self.table = table
  }

  deinit {
    let remains = unsafe Remains(pointer: pointer, table: table)
    // Not waited for: the last reference may go on a cooperative thread, and a destroy that hangs costs its own
    // thread, never the host.
    NamedThread.start("patchbay-end") { remains.destroy() }
  }

  // `@unchecked`: moved to the one thread that destroys it.
  @safe private struct Remains: @unchecked Sendable {
    let pointer: OpaquePointer
    let table: ConnectorTable

    func destroy() {
      _ = TurnSlot.call(.destroy, table.ledger, TurnSlot.noTurn) { _ in
        unsafe table.functions.destroy(pointer)
        return OutcomeCode.ok.rawValue
      }
    }
  }
}
