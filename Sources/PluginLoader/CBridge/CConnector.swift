internal import CPatchbay
package import ConnectorModel
package import Ports
internal import Synchronization

/// A connector behind the C table, in this process.
///
/// Operations keep it alive, so that `destroy` comes after the last `end`.
package final class CConnector: StepConnector {
  package let id: String
  package let version: String
  package let isParallel: Bool
  package let wantsCleanup: Bool
  let instance: InstanceHandle

  init(_ instance: InstanceHandle, isParallel: Bool) {
    let table = instance.table
    id = table.id
    version = table.version
    self.isParallel = isParallel
    wantsCleanup = table.flags & TableFlag.cleanup != 0
    self.instance = instance
  }

  /// Calls to host functions that came from foreign threads or outside calls, ever. [T-5]
  package var strayCalls: Int { instance.table.ledger.strayCalls.load(ordering: .relaxed) }

  package func begin(
    _ start: OperationStart, _ turn: Turn
  ) -> (operation: (any StepOperation)?, pushed: TurnRecord) {
    var made: OpaquePointer?
    let table = instance.table
    var record = TurnSlot.call(.turn, table.ledger, turn) { slot in
      unsafe start.input.withInlineBytes { bytes in
        let cStart = unsafe slot.arena.allocate(patchbay_op_start.self, 1)
        unsafe cStart.initialize(to: patchbay_op_start())
        unsafe cStart.pointee.fill(from: start, input: bytes, in: slot.arena)
        slot.arena.seal()
        return unsafe table.functions.begin(instance.pointer, cStart, slot.out, &made)
      }
    }
    let operation = unsafe made.map { unsafe COperation($0, of: self, turn: turn) }
    if operation == nil, record.status == .ok, !record.hasEnd, record.violations.isEmpty {
      record.violations.append(
        RuleViolation("L-3", "begin returned OK with neither an operation nor an end"))
    }
    record.dropPushesOfBrokenMachinery()
    return (operation, record)
  }
}

/// Bits of `patchbay_connector.flags`; macros of this form are not imported.
enum TableFlag {
  static let parallelOperations: UInt64 = 1 << 0
  static let cleanup: UInt64 = 1 << 1
}

extension patchbay_op_start {
  fileprivate mutating func fill(
    from start: OperationStart, input: UnsafeRawBufferPointer, in arena: TurnArena
  ) {
    unsafe struct_size = UInt32(MemoryLayout<patchbay_op_start>.size)
    unsafe kind = start.kind.rawValue
    unsafe name = arena.text(start.name)
    unsafe self.input = arena.payload(start.input, inline: input)
    unsafe attrs = arena.pairs(start.attributes)
    unsafe n_attrs = start.attributes.count
    unsafe deadline_unix_ns = start.deadline
    unsafe seed = start.seed
    unsafe attempt = start.attempt
    unsafe idempotency_key = arena.text(start.idempotencyKey)
  }
}

extension TurnRecord {
  fileprivate var hasEnd: Bool {
    pushes.contains { push in
      switch push {
      case .complete, .fail: true
      case .effect, .cancelEffect, .emit: false
      }
    }
  }

  /// A status other than OK means that the connector's machinery failed, and what the turn pushed is void.
  mutating func dropPushesOfBrokenMachinery() {
    if status != .ok { pushes = [] }
  }
}
