internal import CPatchbay
internal import ConnectorModel
internal import Glibc
internal import Ports

/// A connector's table after negotiation: every field checked, every function there.
///
/// `@unchecked Sendable`: a copy of constant data, and functions that the contract allows on any thread.
@safe final class ConnectorTable: @unchecked Sendable {
  /// The private copy that it came from.
  let path: String
  let id: String
  let version: String
  let build: String
  /// The lower of both sides' minors.
  let minor: UInt16
  let flags: UInt64
  let ledger: ConnectorLedger
  let functions: patchbay_connector

  private typealias Entry =
    @convention(c) (UInt16, UnsafePointer<patchbay_out>?) -> UnsafePointer<patchbay_connector>?

  /// Calls the library's entry and checks what it answers.
  ///
  /// - Parameter name: the manifest's id, for messages.
  init(of library: SharedLibrary, path: String, name: String) throws(PluginError) {
    guard let symbol = unsafe library.symbol("patchbay_connector_entry_v1") else {
      throw .entryMissing(path: path)
    }
    let entry = unsafe unsafeBitCast(symbol, to: Entry.self)
    let ledger = ConnectorLedger.open()
    var pointer: UnsafePointer<patchbay_connector>?
    let record = TurnSlot.call(.entry, ledger, TurnSlot.noTurn) { slot in
      unsafe pointer = entry(UInt16(PATCHBAY_ABI_MINOR), slot.out)
      return OutcomeCode.ok.rawValue
    }
    try Self.throwViolation(record, path)
    guard unsafe pointer != nil else {
      guard case .fail(let error)? = record.pushes.first else {
        throw .brokeContract(path: path, rule: "L-1", what: "the entry returned NULL without a reason")
      }
      throw .refused(id: name, reason: error.message.isEmpty ? error.code.name : error.message)
    }
    do throws(RuleViolation) {
      var memory = ConnectorMemory()
      let table = unsafe try memory.structure(pointer, "the connector's table")
      try unsafe Self.check(table, memory)
      (id, version, build) = unsafe (
        try memory.text(table.id, "the table's id"), try memory.text(table.version, "the table's version"),
        try memory.text(table.build, "the table's build")
      )
      minor = unsafe min(table.abi_minor, UInt16(PATCHBAY_ABI_MINOR))
      flags = unsafe table.flags
      unsafe functions = table
    } catch {
      throw .brokeContract(path: path, rule: error.rule, what: error.what)
    }
    self.path = path
    self.ledger = ledger
  }

  private static func check(_ table: patchbay_connector, _ memory: ConnectorMemory) throws(RuleViolation) {
    guard unsafe table.abi_major == UInt16(PATCHBAY_ABI_MAJOR) else {
      throw RuleViolation(
        "E-1",
        "the table of entry v1 says ABI \(unsafe table.abi_major), this host speaks \(PATCHBAY_ABI_MAJOR)")
    }
    try unsafe memory.flags(table.flags, known: 0b11, "the connector's table")
    let slots: [(String, Bool)] = unsafe [
      ("describe", table.describe == nil), ("create", table.create == nil), ("destroy", table.destroy == nil),
      ("begin", table.begin == nil), ("resume", table.resume == nil), ("end", table.end == nil),
      ("extension", table.extension == nil),
    ]
    if let empty = slots.first(where: \.1) {
      throw RuleViolation("M-7", "the table's slot `\(empty.0)` is NULL")
    }
  }

  /// Calls `describe` and returns the JSON that it completed with.
  func describe() throws(PluginError) -> [UInt8] {
    let record = TurnSlot.call(.describe, ledger, TurnSlot.noTurn) { slot in
      unsafe functions.describe(functions.ctx, slot.out)
    }
    try Self.throwViolation(record, path)
    switch record.pushes.first {
    case .complete(.json(let bytes))? where record.status == .ok: return bytes
    case .fail(let error)?:
      throw .brokeContract(path: path, rule: "L-1", what: "describe failed: \(error.message)")
    default:
      throw .brokeContract(
        path: path, rule: "L-1", what: "describe returned \(record.status.name) without a descriptor")
    }
  }

  /// Calls `create`.
  func makeInstance(
    configuration: [UInt8], log: @escaping @Sendable (ConnectorLogLine) -> Void
  ) throws(PluginError) -> InstanceHandle {
    let host = unsafe HostTables.host(ledger, minor: minor)
    var turn = TurnSlot.noTurn
    turn.log = log
    turn.unixNanoseconds = SystemClock().unixNanoseconds
    var instance: OpaquePointer?
    let record = TurnSlot.call(.create, ledger, turn) { slot in
      unsafe configuration.withUnsafeBytes { bytes in
        let config = unsafe slot.arena.payload(.json([]), inline: bytes)
        slot.arena.seal()
        return unsafe functions.create(functions.ctx, host, config, slot.out, &instance)
      }
    }
    if record.status == .ok, let made = unsafe instance {
      let handle = unsafe InstanceHandle(made, self)
      try Self.throwViolation(record, path)
      return handle
    }
    try Self.throwViolation(record, path)
    guard case .fail(let error)? = record.pushes.first, record.status != .ok else {
      let what = "create returned \(record.status.name) without an instance or a reason"
      throw .brokeContract(path: path, rule: "L-2", what: what)
    }
    guard unsafe instance == nil else {
      throw .brokeContract(path: path, rule: "L-2", what: "create failed and set an instance")
    }
    throw .createFailed(id: id, code: error.code.name, message: error.message)
  }

  private static func throwViolation(_ record: TurnRecord, _ path: String) throws(PluginError) {
    if let violation = record.violations.first {
      throw .brokeContract(path: path, rule: violation.rule, what: violation.what)
    }
  }
}
