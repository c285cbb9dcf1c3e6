// What the sanitizers must see, and what they must not: scripts/sanitize runs each before it trusts their silence.
import Foundation
import Synchronization

/// A counter that nothing guards.
final class Bare: @unchecked Sendable {
  var count = 0
}

/// The same, guarded; contended enough that some hand-overs take the slow path of the mutex.
final class Guarded: Sendable {
  let count = Mutex(0)
}

final class Started: Sendable {
  let count = Atomic(0)
}

/// Starts them together: one that ends before the next is made would be ordered before it.
func onFourThreads(times: Int, _ body: @escaping @Sendable () -> Void) {
  let ended = DispatchSemaphore(value: 0)
  let started = Started()
  for _ in 0..<4 {
    Thread.detachNewThread {
      started.count.add(1, ordering: .acquiringAndReleasing)
      while started.count.load(ordering: .acquiring) < 4 { sched_yield() }
      for _ in 0..<times { body() }
      ended.signal()
    }
  }
  for _ in 0..<4 { ended.wait() }
}

let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 8)
switch CommandLine.arguments.last {
case "race":
  let bare = Bare()
  onFourThreads(times: 10) { bare.count += 1 }
case "overread":
  bytes.initialize(repeating: 1, count: 8)
  print(bytes[Int(CommandLine.argc) + 6])
case "use-after-free":
  bytes.deallocate()
  print(bytes[0])
case "undefined": print(shift_out(CommandLine.argc + 31))
case "sound":
  let guarded = Guarded()
  onFourThreads(times: 20_000) { guarded.count.withLock { $0 += 1 } }
  print(guarded.count.withLock { $0 })
default: exit(2)
}
