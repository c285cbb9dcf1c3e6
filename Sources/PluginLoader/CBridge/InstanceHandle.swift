internal import CPatchbay
internal import ConnectorModel
internal import Ports

/// Owns a `patchbay_instance`; `deinit` calls `destroy`, exactly once, on a thread of its own.
///
/// `@unchecked Sendable`: the pointer is only handed back to the connector, which owns what is behind it.
@safe final class InstanceHandle: @unchecked Sendable {
  static let destroySeconds = 10

  let pointer: OpaquePointer
  let table: ConnectorTable

  init(_ pointer: OpaquePointer, _ table: ConnectorTable) {
    unsafe self.pointer = pointer
    self.table = table
  }

  deinit {
    let remains = unsafe Remains(pointer: pointer, table: table)
    // A destroy that hangs costs its thread, never the host.
    _ = NamedThread.run("patchbay-end", seconds: Self.destroySeconds) { remains.destroy() }
  }

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
