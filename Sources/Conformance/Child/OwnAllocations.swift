internal import CProbe

/// Allocations that the library under test makes itself; those of the host and of runtimes go on as ever.
enum OwnAllocations {
  /// Watches those of the library whose path ends with `path`.
  ///
  /// - Returns: false when it calls no allocator itself.
  static func watch(_ path: String) -> Bool { unsafe probe_watch_allocations(path) > 0 }

  /// From the `number`-th on, all fail while `body` runs.
  ///
  /// - Returns: how many were asked for.
  static func failing<Result>(from number: Int, _ body: () -> Result) -> (result: Result, asked: Int) {
    probe_fail_allocation(UInt64(number))
    let result = body()
    let asked = Int(clamping: probe_allocations())
    probe_fail_allocation(0)
    return (result, asked)
  }

  /// New memory holds `byte` while `body` runs.
  static func filled<Result>(with byte: UInt8, _ body: () -> Result) -> Result {
    probe_fill_allocations(Int32(byte))
    defer { probe_fill_allocations(-1) }
    return body()
  }
}

/// How much of its stack a turn needs.
enum StackUse {
  /// Bytes of a stack of 8 MiB that `body` touched, this runner's own part included; nil when it cannot be had.
  static func bytes(_ body: @escaping @Sendable () -> Void) -> Int? {
    let box = Box(body)
    // Retained until the thread has been joined.
    let used = unsafe probe_stack_use(
      8 << 20,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().body()
      }, Unmanaged.passUnretained(box).toOpaque())
    return withExtendedLifetime(box) { used == 0 ? nil : Int(used) }
  }

  private final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
