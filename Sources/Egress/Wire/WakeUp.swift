internal import CCurl

#if canImport(Glibc)
  internal import Glibc
#endif

/// A bell that ends the egress thread's wait: an eventfd.
final class WakeUp: Sendable {
  let descriptor: Int32

  /// Nil when the process has no descriptor left.
  init?() {
    descriptor = ccurl_event_open()
    guard descriptor >= 0 else { return nil }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// From any thread.
  func ring() {
    var one: UInt64 = 1
    _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  func silence() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
  }
}
