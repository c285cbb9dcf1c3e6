public import CPatchbay
internal import ConnectorModel
internal import Synchronization

/// The C face of a Swift connector.
public enum ConnectorEntry {
  private static let tables = Mutex<[ObjectIdentifier: TablePointer]>([:])

  /// The table that `patchbay_connector_entry_v1` returns: made at the first call, the same ever after.
  public static func table(
    of connector: (some Connector).Type, hostMinor: UInt16, report: UnsafePointer<patchbay_out>?
  ) -> UnsafePointer<patchbay_connector>? {
    let table = tables.withLock { tables in
      let id = ObjectIdentifier(connector)
      if let table = tables[id] { return table }
      let table = TablePointer(for: connector)
      tables[id] = table
      return table
    }
    return unsafe table.pointer
  }
}

/// A connector's table, allocated once and never freed: the ABI wants it as long as the library is mapped.
// Never written after `init`, so any thread may read it.
@safe
private struct TablePointer: @unchecked Sendable {
  let pointer: UnsafePointer<patchbay_connector>

  init<C: Connector>(for connector: C.Type) {
    let box = TableBox(connector)
    var flags: UInt64 = 1 << 1  // PATCHBAY_CLEANUP
    if connector.allowsParallelOperations { flags |= 1 << 0 }  // PATCHBAY_PARALLEL_OPS
    let table = UnsafeMutablePointer<patchbay_connector>.allocate(capacity: 1)
    unsafe table.initialize(
      to: patchbay_connector(
        struct_size: UInt32(MemoryLayout<patchbay_connector>.size), abi_major: UInt16(PATCHBAY_ABI_MAJOR),
        abi_minor: UInt16(PATCHBAY_ABI_MINOR), flags: flags, id: Self.forever(connector.id),
        version: Self.forever(connector.version), build: Self.forever("swift-kit"),
        ctx: Unmanaged.passRetained(box).toOpaque(), describe: describe, create: create, destroy: destroy,
        begin: begin,
        resume: resume, end: end, extension: noExtension))
    unsafe pointer = UnsafePointer(table)
  }

  private static func forever(_ text: String) -> patchbay_str {
    let bytes = Array(text.utf8)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(bytes.count, 1))
    for (index, byte) in bytes.enumerated() { unsafe copy[index] = CChar(bitPattern: byte) }
    return unsafe patchbay_str(ptr: copy, len: bytes.count)
  }
}

/// What stands behind `ctx`: the connector's type with its type erased.
private final class TableBox: Sendable {
  let operations: [Operation]
  let check: @Sendable (ConnectorConfiguration) throws -> Void
  let descriptor: Descriptor

  init(_ connector: (some Connector).Type) {
    operations = connector.operations
    check = { try connector.check($0) }
    descriptor = Descriptor(of: connector)
  }
}

/// What stands behind `patchbay_instance`.
@safe
private final class InstanceBox {
  let operations: [Operation]
  let configuration: ConnectorConfiguration
  let host: UnsafePointer<patchbay_host>

  init(_ operations: [Operation], _ configuration: ConnectorConfiguration, host: UnsafePointer<patchbay_host>)
  {
    self.operations = operations
    self.configuration = configuration
    unsafe self.host = host
  }
}

/// What stands behind `patchbay_op`.
@safe
private final class RunBox {
  let run: OperationRun
  let host: UnsafePointer<patchbay_host>

  init(_ run: OperationRun, host: UnsafePointer<patchbay_host>) {
    self.run = run
    unsafe self.host = host
  }
}

// MARK: The table's functions

private func describe(
  _ context: UnsafeMutableRawPointer?, _ out: UnsafePointer<patchbay_out>?
) -> patchbay_status {
  guard let context = unsafe context, let out = unsafe out else { return OutcomeCode.protocol.rawValue }
  let box = unsafe Unmanaged<TableBox>.fromOpaque(context).takeUnretainedValue()
  do {
    let descriptor = try box.descriptor.encoded()
    Arena.with { unsafe out.pointee.complete(out.pointee.ctx, $0.payload(.json(descriptor))) }
    return OutcomeCode.ok.rawValue
  } catch {
    return unsafe refuse(error, out)
  }
}

private func create(
  _ context: UnsafeMutableRawPointer?, _ host: UnsafePointer<patchbay_host>?,
  _ config: UnsafePointer<patchbay_payload>?, _ out: UnsafePointer<patchbay_out>?,
  _ instance: UnsafeMutablePointer<OpaquePointer?>?
) -> patchbay_status {
  guard let context = unsafe context, let host = unsafe host, let out = unsafe out,
    let instance = unsafe instance
  else { return OutcomeCode.protocol.rawValue }
  ForeignWork.watch()
  let box = unsafe Unmanaged<TableBox>.fromOpaque(context).takeUnretainedValue()
  do {
    let configuration = try ConnectorConfiguration(json: unsafe Payload(borrowed: config).inlineBytes ?? [])
    try box.check(configuration)
    let made = unsafe InstanceBox(box.operations, configuration, host: host)
    unsafe instance.pointee = OpaquePointer(Unmanaged.passRetained(made).toOpaque())
    return OutcomeCode.ok.rawValue
  } catch {
    return unsafe refuse(error, out)
  }
}

private func destroy(_ instance: OpaquePointer?) {
  guard let instance = unsafe instance else { return }
  unsafe Unmanaged<InstanceBox>.fromOpaque(UnsafeRawPointer(instance)).release()
}

private func begin(
  _ instance: OpaquePointer?, _ start: UnsafePointer<patchbay_op_start>?, _ out: UnsafePointer<patchbay_out>?,
  _ op: UnsafeMutablePointer<OpaquePointer?>?
) -> patchbay_status {
  guard let instance = unsafe instance, let start = unsafe start, let out = unsafe out, let op = unsafe op
  else {
    return OutcomeCode.protocol.rawValue
  }
  let box = unsafe Unmanaged<InstanceBox>.fromOpaque(UnsafeRawPointer(instance)).takeUnretainedValue()
  guard let begun = unsafe OperationStart(borrowed: start.pointee),
    let operation = box.operations.first(where: { $0.kind == begun.kind && $0.name == begun.name })
  else {
    let name = unsafe String(borrowed: start.pointee.name)
    unsafe HostOutlet.fail(
      OperationError(.unsupported, "this connector has no operation \"\(name)\" of that kind"), to: out)
    return OutcomeCode.ok.rawValue
  }
  let run = OperationRun(box.configuration)
  let made = unsafe RunBox(run, host: box.host)
  unsafe op.pointee = OpaquePointer(Unmanaged.passRetained(made).toOpaque())
  run.begin(operation, begun, unsafe HostOutlet(out: out, host: box.host))
  return OutcomeCode.ok.rawValue
}

private func resume(
  _ op: OpaquePointer?, _ events: UnsafePointer<UnsafePointer<patchbay_event>?>?, _ count: Int,
  _ out: UnsafePointer<patchbay_out>?
) -> patchbay_status {
  guard let op = unsafe op, let out = unsafe out else { return OutcomeCode.protocol.rawValue }
  let box = unsafe Unmanaged<RunBox>.fromOpaque(UnsafeRawPointer(op)).takeUnretainedValue()
  let run = box.run
  run.resume(unsafe HostOutlet(out: out, host: box.host)) {
    let events = unsafe UnsafeBufferPointer(start: events, count: count)
    for index in events.indices {
      guard let event = unsafe events[index], let answer = unsafe Answer(borrowed: event.pointee) else {
        continue
      }
      run.deliver(answer, of: unsafe event.pointee.effect)
    }
  }
  return OutcomeCode.ok.rawValue
}

private func end(_ op: OpaquePointer?) {
  guard let op = unsafe op else { return }
  let box = unsafe Unmanaged<RunBox>.fromOpaque(UnsafeRawPointer(op)).takeRetainedValue()
  box.run.end()
}

private func noExtension(_ id: patchbay_str) -> UnsafeRawPointer? { nil }

private func refuse(_ error: any Error, _ out: UnsafePointer<patchbay_out>) -> patchbay_status {
  let error = Failure.of(error)
  unsafe HostOutlet.fail(error, to: out)
  return error.code.rawValue
}
