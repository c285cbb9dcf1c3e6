// A connector in Swift without the kit, built by swiftc against the header: it starts a task inside its turn, which
// no connector may. [T-3]

private func json(_ text: String, _ use: (UnsafePointer<patchbay_payload>) -> Void) {
  Array(text.utf8).withUnsafeBufferPointer { bytes in
    var payload = patchbay_payload()
    payload.struct_size = UInt32(MemoryLayout<patchbay_payload>.size)
    payload.format = 1
    payload.data = patchbay_bytes(ptr: bytes.baseAddress, len: bytes.count)
    use(&payload)
  }
}

private func text(_ literal: StaticString) -> patchbay_str {
  patchbay_str(
    ptr: UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self),
    len: literal.utf8CodeUnitCount)
}

nonisolated(unsafe) private let table: UnsafeMutablePointer<patchbay_connector> = {
  let table = UnsafeMutablePointer<patchbay_connector>.allocate(capacity: 1)
  table.initialize(
    to: patchbay_connector(
      struct_size: UInt32(MemoryLayout<patchbay_connector>.size), abi_major: 1, abi_minor: 0, flags: 1,
      id: text("echo"), version: text("1.0.0"), build: text("swift"), ctx: nil,
      describe: { _, out in
        json(
          #"{"id":"echo","version":"1.0.0","abi":{"major":1,"minor":0},"actions":["echo","fetch"],"#
            + #""sync":["reports"],"webhooks":["events"],"health":true,"extensions":[]}"#
        ) { out!.pointee.complete(out!.pointee.ctx, $0) }
        return 0
      },
      create: { _, _, _, _, instance in
        instance!.pointee = OpaquePointer(UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8))
        return 0
      },
      destroy: { UnsafeMutableRawPointer($0!).deallocate() },
      begin: { _, start, out, _ in
        if start!.pointee.name.len == 5 { Task { print("", terminator: "") } }
        json("{}") { out!.pointee.complete(out!.pointee.ctx, $0) }
        return 0
      },
      resume: { _, _, _, _ in 2 },
      end: { _ in },
      extension: { _ in nil }))
  return table
}()

@c(patchbay_connector_entry_v1)
public func entry(
  _ hostMinor: UInt16, _ report: UnsafePointer<patchbay_out>?
) -> UnsafePointer<patchbay_connector>? { UnsafePointer(table) }
