internal import Ports

/// A thread for one call, on which faults are named.
enum OneThread {
  /// Nil when it did not return in time.
  static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
    NamedThread.run("patchbay-one", atMost: .seconds(20)) {
      GuardedMemory.watchThread()
      return body()
    }
  }
}
