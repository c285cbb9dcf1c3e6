internal import ArgumentParser
internal import ConnectorModel
internal import Jobs
internal import Manifest
internal import Ports
internal import Storage
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay bench jobs`: durable jobs that do nothing, from enqueue to settled.
struct BenchJobsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs",
    abstract: "Durable jobs a second, end to end: stored, claimed, run, settled, on the embedded store.")

  @Option(name: .long, help: "How many jobs.") var jobs = 50_000
  @Option(name: .long, help: "Over how many connections.") var connections = 500
  @Option(name: .long, help: "How many callers enqueue at once.") var callers = 256
  @Option(name: .long, help: "How often; the median is told.") var runs = 3
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human

  func run() async throws {
    var results: [(rate: Double, cpu: Double)] = []
    for _ in 0..<max(1, runs) { results.append(try await measure()) }
    let rate = Quantiles(results.map(\.rate)).p50.rounded()
    let cpu = Quantiles(results.map(\.cpu)).p50.rounded()
    switch format {
    case .json:
      try Output.json([
        "jobsPerSecond": rate, "cpuMicrosecondsPerJob": cpu, "jobs": Double(jobs),
        "runs": Double(results.count),
      ])
    case .human:
      Output.line(
        "\(Int(rate)) jobs/s, durable, end to end, \(Int(cpu)) µs of CPU a job "
          + "(medians of \(results.count) runs of \(jobs) jobs)")
    }
  }

  private func measure() async throws -> (rate: Double, cpu: Double) {
    let directory = FileManager.default.temporaryDirectory.appending(
      path: "patchbay-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try await SQLiteStore.open(path: directory.path + "/bench.sqlite")
    let clock = SystemClock()
    _ = try await store.makeTenant(Tenant(id: "bench", createdAt: clock.unixNanoseconds))
    let ids = (0..<connections).map { _ in RecordID.make(.connection, now: clock.unixNanoseconds) }
    for id in ids {
      let now = clock.unixNanoseconds
      try await store.add(
        ConnectionRecord(id: id, tenant: "bench", connector: "noop", createdAt: now), secrets: [],
        audit: AuditEntry(tenant: "bench", actor: "bench", event: "connection.added", subject: id, at: now))
    }
    let finish = BenchFinish(jobs)
    let dispatcher = JobDispatcher(
      queue: store, runner: NoOperation(), clock: clock, worker: "bench", machine: JobMachine { _ in "" },
      observe: { if case .settled = $0 { finish.count() } })
    let working = Task { await dispatcher.run() }
    let started = ContinuousClock.now
    let cpuAtStart = ProcessFigures.cpuTime
    try await enqueue(into: store, ids: ids, clock: clock, wake: dispatcher.wake)
    await finish.wait()
    let elapsed = ContinuousClock.now - started
    let cpu = ProcessFigures.cpuTime - cpuAtStart
    await dispatcher.stop(within: .seconds(5))
    await working.value
    await store.close()
    return (Double(jobs) / (elapsed / .seconds(1)), cpu / .microseconds(1) / Double(jobs))
  }

  private func enqueue(
    into store: SQLiteStore, ids: [String], clock: SystemClock, wake: @escaping @Sendable () -> Void
  ) async throws {
    let (jobs, callers) = (jobs, callers)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<callers {
        group.addTask {
          for number in stride(from: caller, to: jobs, by: callers) {
            let now = clock.unixNanoseconds
            let job = Job(
              id: RecordID.make(.job, now: now), tenant: "bench", connection: ids[number % ids.count],
              connector: "noop", action: "noop", payload: Array("{}".utf8), idempotencyKey: "bench-\(number)",
              digest: Array(repeating: 0, count: 32), createdAt: now)
            _ = try await store.enqueue(job, capacity: .max)
            wake()
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

/// Succeeds at once.
private struct NoOperation: JobRunner {
  func run(_ lease: Lease, _ control: AttemptControl) async -> AttemptOutcome {
    AttemptOutcome(.succeeded(result: Array("{}".utf8), post: nil))
  }

  func retryRule(for job: Job) -> RetryRule { RetryRule(retry: .safe) }

  func connectionNeedsAttention(_ job: Job, reason: String) async throws(StoreError) {}
}

/// Tells when so many have ended.
final class BenchFinish: Sendable {
  private struct State {
    var left: Int
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state: Mutex<State>

  init(_ count: Int) { state = Mutex(State(left: count)) }

  func count() {
    let waiter = state.withLock { state in
      state.left -= 1
      return state.left == 0 ? state.waiter.take() : nil
    }
    waiter?.resume()
  }

  func wait() async {
    await withCheckedContinuation { waiter in
      let isOver = state.withLock { state in
        if state.left > 0 { state.waiter = waiter }
        return state.left <= 0
      }
      if isOver { waiter.resume() }
    }
  }
}
