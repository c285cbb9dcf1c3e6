internal import ConnectorModel
internal import Manifest
internal import Operations
internal import Ports
internal import Synchronization

/// Operations under the real driver, with a platform that answers at once or not at all.
struct DriverBench: Sendable {
  struct TurnFigures: Encodable {
    let nanosecondsPerTurn: Double
    let cpuNanosecondsPerTurn: Double
  }

  struct FlightFigures: Encodable {
    let operations: Int
    /// By what more of the process was resident than before.
    let residentBytesEach: Int
    let threads: Int
  }

  let instance: any StepConnector

  /// What turns cost with everything that the host does around them.
  func turns(operations: Int, atOnce: Int = 256) async throws -> TurnFigures {
    let platform = BenchPlatform(isSilent: false)
    defer { platform.close() }
    _ = try await run(operations / 20, atOnce, platform)
    let began = ContinuousClock.now
    let cpuAtStart = ProcessFigures.cpuTime
    try await run(operations, atOnce, platform)
    let turns = Double(2 * operations)
    return TurnFigures(
      nanosecondsPerTurn: (ContinuousClock.now - began) / .nanoseconds(1) / turns,
      cpuNanosecondsPerTurn: (ProcessFigures.cpuTime - cpuAtStart) / .nanoseconds(1) / turns)
  }

  /// What operations take that wait for an answer, and the threads that are there for them.
  func inFlight(_ count: Int) async throws -> FlightFigures {
    let answering = BenchPlatform(isSilent: false)
    try await run(1_000, 1_000, answering)
    answering.close()
    let platform = BenchPlatform(isSilent: true)
    defer { platform.close() }
    let resident = ProcessFigures.residentBytes.now
    async let running: Void = run(count, count, platform)
    // 100,000 take under a second; a machine that needs a minute is told so.
    let clock = SystemClock()
    let deadline = Duration.seconds(60).after(clock.unixNanoseconds)
    while platform.waiting < count, clock.unixNanoseconds < deadline {
      try await clock.sleep(for: .milliseconds(20))
    }
    let waiting = platform.waiting
    let figures = FlightFigures(
      operations: waiting,
      residentBytesEach: (ProcessFigures.residentBytes.now - resident) / max(1, waiting),
      threads: ProcessFigures.now().threads)
    platform.answerAll()
    try await running
    return figures
  }

  /// Runs so many operations, at most `atOnce` at a time.
  private func run(_ operations: Int, _ atOnce: Int, _ platform: BenchPlatform) async throws {
    let threads = TurnThreads()
    defer { threads.stop() }
    let mill = OperationMill(
      operations, OperationDriver(threads: threads, clock: SystemClock(), keyValues: MemoryKeyValueStore()),
      HostedConnector(instance: instance, http: platform, limits: .standard))
    for number in 0..<min(operations, atOnce) {
      mill.start()
      // A burst of all of them would measure the queue for turns, and what the heap keeps of it.
      while number % 1_000 == 999, platform.isSilent, platform.waiting + 1_000 < number {
        try await SystemClock().sleep(for: .milliseconds(1))
      }
    }
    let failed = await mill.end()
    guard failed == 0 else { throw CommandFailure(sentence: "\(failed) operations failed") }
  }
}

/// Starts the next operation when one has ended, until there were enough.
private final class OperationMill: Sendable {
  private let left: Atomic<Int>
  private let failed = Atomic(0)
  private let finish: BenchFinish
  private let driver: OperationDriver
  private let connector: HostedConnector

  init(_ count: Int, _ driver: OperationDriver, _ connector: HostedConnector) {
    left = Atomic(count)
    finish = BenchFinish(count)
    self.driver = driver
    self.connector = connector
  }

  func start() {
    guard left.subtract(1, ordering: .relaxed).newValue >= 0 else { return }
    driver.start(
      OperationRequest(
        name: "fetch", input: BenchConnector.input(requests: 1), connection: BenchConnector.connection,
        seed: 1,
        idempotencyKey: "bench-1"),
      on: connector
    ) { [self] report in
      if report.error != nil { failed.add(1, ordering: .relaxed) }
      start()
      finish.count()
    }
  }

  /// How many failed, once all have ended.
  func end() async -> Int {
    await finish.wait()
    return failed.load(ordering: .relaxed)
  }
}
