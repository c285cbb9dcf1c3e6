internal import CProbe

/// What is written is touched first: page by page, fresh memory shows how much of it a turn fills.
enum TouchedMemory {
  /// From now on, large allocations of this process are pages that nobody has written to.
  static func makeFresh() { probe_fresh_memory() }

  /// Of this thread, ever.
  static var bytes: Int { Int(clamping: probe_touched_bytes()) }
}
