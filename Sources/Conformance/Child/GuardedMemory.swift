internal import CProbe
internal import PluginLoader

/// Memory that notices reading past its end, writing, and use after the call.
enum GuardedMemory {
  /// From now on, what the bridge lends to connectors lies in it.
  static func lendToConnectors() {
    LentMemory.replace(
      by: unsafe LentMemory(
        lend: { bytes, isStructure in
          guard let block = unsafe probe_lend(bytes, isStructure ? 1 : 0) else {
            // CaseChild reserves the arena before this is installed, and it never runs out: it starts again.
            fatalError("the probe's arena was not opened although CaseChild opens it first")
          }
          return unsafe block
        },
        seal: { block, bytes in unsafe probe_seal(block, bytes) },
        retire: { block, bytes in unsafe probe_retire(block, bytes) }))
  }

  /// Lets faults of this thread be named; threads of the host have every signal blocked.
  static func watchThread() { probe_watch_thread() }

  /// Traps on this thread what a connector has no business with; an errno, or 0.
  static func confineThread() -> Int32 { probe_confine_thread() }

  static var allocatedBytes: UInt64 { probe_allocated_bytes() }

  /// By how many bytes the heap grew in the round in which it grew least: a leak grows in each of 12.
  ///
  /// On a busy machine the host's threads come to keep some memory as well, for some rounds. The first round that grows by
  /// no more than `enough` is the last.
  static func leastGrowth(enough: Int, rounds round: () -> Void) -> Int {
    var least = Int.max
    for _ in 0..<12 where least > enough {
      let before = allocatedBytes
      round()
      least = min(least, Int(allocatedBytes) - Int(before))
    }
    return max(0, least)
  }
}
