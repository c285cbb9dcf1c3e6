internal import Ports
internal import Telemetry

/// Removes what was kept long enough, every hour, in steps that keep no other write waiting.
final class RetentionSweep: Sendable {
  private static let period = Duration.seconds(3600)
  /// Rows of one transaction.
  static let step = 200

  private let store: any RetentionStore
  private let library: BlobLibrary
  private let policy: RetentionPolicy
  private let clock: any HostClock
  private let log: EventLog
  private let metrics: ServiceMetrics
  private let rounds = Rounds()

  init(
    store: any RetentionStore, library: BlobLibrary, policy: RetentionPolicy, clock: any HostClock,
    log: EventLog, metrics: ServiceMetrics
  ) {
    self.store = store
    self.library = library
    self.policy = policy
    self.clock = clock
    self.log = log
    self.metrics = metrics
  }

  /// Sweeps at once and every hour, until ``stop()`` or the task is cancelled.
  func run() async {
    await rounds.run(every: Self.period, on: clock) {
      await sweep()
      await sweepMedia()
    }
  }

  /// Ends after the step that is under way.
  func stop() { rounds.stop() }

  /// In this order: a job stays as long as its dead letter.
  private func sweep() async {
    for kind in [RetainedKind.deadLetters, .jobs, .healthChecks, .records] {
      do throws(StoreError) {
        let removed = try await remove(kind)
        if removed > 0 {
          log.tell(
            .info, "retention.removed", message: "\(removed) rows of \(kind.rawValue) were kept long enough")
        }
      } catch {
        metrics.storeFailures.add(1, error.code.rawValue)
        return log.tell(.error, "store.failed", message: "removing old \(kind.rawValue): \(error.message)")
      }
    }
  }

  /// Media that no upload, no job and no dead letter needs any more.
  private func sweepMedia() async {
    do throws(StoreError) {
      let removed = try await library.sweep()
      if removed > 0 { log.tell(.info, "media.removed", message: "\(removed) files that nobody needs") }
    } catch {
      metrics.storeFailures.add(1, error.code.rawValue)
      log.tell(.warning, "store.failed", message: "removing old media: \(error.message)")
    }
  }

  private func remove(_ kind: RetainedKind) async throws(StoreError) -> Int {
    let now = clock.unixNanoseconds
    let age = policy[kind].nanosecondsClamped
    guard age < now else { return 0 }
    var removed = 0
    while !rounds.isOver {
      let count = try await store.remove(kind, before: now - age, limit: Self.step)
      metrics.removedRows.add(UInt64(clamping: count), kind.rawValue)
      removed += count
      if count < Self.step { break }
    }
    return removed
  }
}
