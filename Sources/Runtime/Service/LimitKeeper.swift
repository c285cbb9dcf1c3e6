internal import Egress
internal import Ports
internal import Synchronization
internal import Telemetry

/// Writes down what counts under long rates, so that neither a restart nor a crash doubles a daily limit.
final class LimitKeeper: Sendable {
  /// A crash forgets what was sent for as long at most.
  private static let period = Duration.seconds(10)

  private let store: any LimitStore
  private let registry: ConnectorRegistry
  private let clock: any HostClock
  private let log: EventLog
  private let metrics: ServiceMetrics
  private let rounds = Rounds()
  /// What is written down, by connector.
  private let kept = Mutex<[String: [RateCount]]>([:])

  init(
    store: any LimitStore, registry: ConnectorRegistry, clock: any HostClock, log: EventLog,
    metrics: ServiceMetrics
  ) {
    self.store = store
    self.registry = registry
    self.clock = clock
    self.log = log
    self.metrics = metrics
  }

  /// Writes down what has changed every ten seconds, until ``stop()`` or the task is cancelled.
  func run() async { await rounds.run(every: Self.period, on: clock) { await keep() } }

  func stop() { rounds.stop() }

  /// Writes down what has changed since it was last called.
  func keep() async {
    let now = clock.unixNanoseconds
    for (id, served) in registry.now.served.sorted(by: { $0.key < $1.key }) {
      let counts = served.egress.rateCounts(now: now)
      let before = kept.withLock { $0[id] ?? [] }
      let changed = Self.changes(from: before, to: counts)
      guard !changed.isEmpty else { continue }
      do throws(StoreError) {
        try await store.keep(changed, connector: id, now: now)
        kept.withLock { $0[id] = counts }
      } catch {
        metrics.storeFailures.add(1, error.code.rawValue)
        return log.tell(.warning, "store.failed", message: "keeping what limits count: \(error.message)")
      }
    }
  }

  /// What is new or different, and what is gone, without places.
  private static func changes(from before: [RateCount], to after: [RateCount]) -> [RateCount] {
    var known = Dictionary(uniqueKeysWithValues: before.map { (Name($0), $0) })
    let changed = after.filter { known.removeValue(forKey: Name($0)) != $0 }
    return changed + known.values.map { RateCount(bucket: $0.bucket, subject: $0.subject, places: []) }
  }

  private struct Name: Hashable {
    let bucket: String
    let subject: String

    init(_ count: RateCount) {
      bucket = count.bucket
      subject = count.subject
    }
  }
}
