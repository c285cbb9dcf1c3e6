internal import CPatchbay

/// Memory for what a call hands to the connector, dead when the call returns.
///
/// One block per thread is used again at each turn; what does not fit gets blocks of its own for one turn.
@safe final class TurnArena {
  private static let blockBytes = 16 << 10

  private let block: UnsafeMutableRawPointer
  private var used = 0
  private var overflow: [UnsafeMutableRawPointer] = unsafe []
  /// Set by conformance only.
  private let lender = LentMemory.current
  private var lent: [(block: UnsafeMutableRawPointer, bytes: Int)] = unsafe []

  init() { unsafe block = .allocate(byteCount: Self.blockBytes, alignment: 16) }

  deinit {
    unsafe overflow.forEach { unsafe $0.deallocate() }
    unsafe block.deallocate()
  }

  /// Everything that is lent comes from elsewhere, also what could be lent in place.
  var lendsCopies: Bool { lender != nil }

  /// Space for `count` values, uninitialised, until `reset`.
  func allocate<Value: BitwiseCopyable>(_ type: Value.Type, _ count: Int) -> UnsafeMutablePointer<
    Value
  > {
    let size = MemoryLayout<Value>.stride * count
    if let lender {
      let block = unsafe lender.lend(size, Self.isStructure(type))
      unsafe lent.append((block, size))
      return unsafe block.bindMemory(to: type, capacity: count)
    }
    let start = (used + 15) & ~15
    if size <= Self.blockBytes - start {
      used = start + size
      return unsafe (block + start).bindMemory(to: type, capacity: count)
    }
    let extra = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe overflow.append(extra)
    return unsafe extra.bindMemory(to: type, capacity: count)
  }

  /// Everything is in place and the connector is called now.
  func seal() {
    guard let lender else { return }
    unsafe lent.forEach { unsafe lender.seal($0.block, $0.bytes) }
  }

  /// Forgets everything.
  func reset() {
    used = 0
    if let lender {
      unsafe lent.forEach { unsafe lender.retire($0.block, $0.bytes) }
      unsafe lent.removeAll()
    }
    guard unsafe !overflow.isEmpty else { return }
    unsafe overflow.forEach { unsafe $0.deallocate() }
    unsafe overflow.removeAll()
  }

  /// Those that begin with `struct_size`.
  private static func isStructure<Value>(_ type: Value.Type) -> Bool {
    unsafe type == patchbay_event.self || type == patchbay_payload.self || type == patchbay_part.self
      || type == patchbay_op_start.self
  }
}
