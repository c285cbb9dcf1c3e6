/// Memory for what a call hands to the connector, dead when the call returns.
///
/// One block per thread is used again at each turn; what does not fit gets blocks of its own for one turn.
@safe struct TurnArena: ~Copyable {
  private static let blockBytes = 16 << 10

  private let block: UnsafeMutableRawPointer
  private var used = 0
  private var overflow: [UnsafeMutableRawPointer] = unsafe []

  init() { unsafe block = .allocate(byteCount: Self.blockBytes, alignment: 16) }

  deinit {
    unsafe overflow.forEach { unsafe $0.deallocate() }
    unsafe block.deallocate()
  }

  /// Space for `count` values, uninitialised, until `reset`.
  mutating func allocate<Value: BitwiseCopyable>(_ type: Value.Type, _ count: Int) -> UnsafeMutablePointer<
    Value
  > {
    let size = MemoryLayout<Value>.stride * count
    let start = (used + 15) & ~15
    if size <= Self.blockBytes - start {
      used = start + size
      return unsafe (block + start).bindMemory(to: type, capacity: count)
    }
    let extra = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    unsafe overflow.append(extra)
    return unsafe extra.bindMemory(to: type, capacity: count)
  }

  /// Forgets everything.
  mutating func reset() {
    used = 0
    guard unsafe !overflow.isEmpty else { return }
    unsafe overflow.forEach { unsafe $0.deallocate() }
    unsafe overflow.removeAll()
  }
}
