@_spi(Testing) import ConnectorKit
import Manifest
import Ports
import Synchronization
import Testing

@testable import Operations

/// A job of the kit whose host is killed wherever it can be.
@Suite(.serialized, .timeLimit(.minutes(10))) struct KilledJobTests {
  private static let threads = TurnThreads(count: 2)

  private static func lives(
    _ platform: OrderPlatform,
    connector: @escaping @Sendable () -> any StepConnector = { KitConnector(Orders.action) }
  ) -> Lives {
    Lives(
      name: "order",
      connector: { life, _ in
        HostedConnector(
          instance: connector(), http: LifeHTTP(life: life, platform: platform), limits: .standard)
      }, threads: threads)
  }

  private static let everyOrder = ["/one": 1, "/child/0": 1, "/child/1": 1, "/child/2": 1, "/last": 1]

  private static func reference() async throws -> Lives.Ending {
    try await lives(OrderPlatform()).run(killedAt: [])
  }

  /// For jobs that take several lives even when nobody kills them.
  private static func done(_ ending: Lives.Ending) -> Lives.Ending {
    var ending = ending
    ending.lives = 1
    return ending
  }

  @Test func killedAnywhereEndsAsIfNothingHadHappened() async throws {
    let expected = try await Self.reference().report.outcome
    guard case .succeeded = expected else {
      Issue.record("\(expected)")
      return
    }
    let points = try await Lives.killedEverywhere { point in
      let platform = OrderPlatform()
      let ending = try await Self.lives(platform).run(killedAt: [point])
      // A write whose outcome was unknown was looked up, and none took effect twice.
      #expect(platform.taken == Self.everyOrder, "killed at \(point)")
      return ending
    } check: { point, ending in
      #expect(ending.report.outcome == expected, "killed at \(point): \(ending.report.outcome)")
    }
    // Five writes with an exchange and its appends each, before and after, and the rest.
    #expect(points > 30)
  }

  @Test(arguments: 0..<60) func killedAgainAndAgainEndsAsIfNothingHadHappened(number: Int) async throws {
    let seed = UInt64.random(in: .min ... .max)
    var chance = SplitMix64(seed: seed)
    let expected = try await Self.reference().report.outcome
    let points = (0..<Int.random(in: 1...8, using: &chance)).map { _ in Int.random(in: 1...30, using: &chance)
    }
    let platform = OrderPlatform()
    let ending = try await Self.lives(platform).run(killedAt: points)
    #expect(ending.report.outcome == expected, "seed \(seed), killed at \(points): \(ending.report.outcome)")
    #expect(platform.taken == Self.everyOrder, "seed \(seed), killed at \(points)")
  }

  /// Runs the recorded turns of `entries` on a fresh connector and tells what it pushed.
  private func pushes(replaying entries: [JournalEntry]) throws -> [[JournalPush]] {
    let replay = try OperationReplay(entries)
    let start = replay.start.operation
    var machine = OperationMachine(
      limits: .standard, wantsCleanup: true, seed: start.seed, journal: JournalQueue(start: nil),
      replay: replay)
    let connector = KitConnector(Orders.action)
    var operation: (any StepOperation)?
    var pushed: [[JournalPush]] = []
    while machine.replay?.next != nil, let (kind, turn) = machine.startTurn(now: start.deadline) {
      var record = TurnRecord()
      switch kind {
      case .begin: (operation, record) = connector.begin(start, turn)
      case .resume(let events): record = try #require(operation).resume(events, turn)
      }
      let pushes = JournalPush.list(record.pushes, isWrite: { $0.method == "POST" }, digest: ShortDigest.of)
      pushed.append(pushes)
      _ = machine.finishTurn(record, isAlive: true, pushes: pushes)
      #expect(!machine.report.differedOnReplay, "\(machine.report.outcome)")
    }
    operation?.end()
    return pushed
  }

  @Test func everyPrefixOfAJournalReplaysToTheSamePushes() async throws {
    let entries = try await Self.reference().file.entries
    var whole: [[JournalPush]] = []
    for case .turn(let turn) in entries { whole.append(turn.pushes) }
    #expect(whole.count > 5)
    for count in 2...entries.count {
      let prefix = Array(entries.prefix(count))
      let turns = prefix.filter { if case .turn = $0 { true } else { false } }.count
      #expect(try pushes(replaying: prefix) == Array(whole.prefix(turns)), "after \(count) entries")
    }
  }

  @Test func connectorThatAsksForAnotherURLIsStoppedAndNamed() async throws {
    let changed = Action("order") {
      (_: Orders.NoInputAtAll, context: OperationContext) async throws -> Orders.Output in
      _ = try context.random()
      _ = try await context.http(.read("/begin"))
      return Orders.Output(trace: [])
    }
    let platform = OrderPlatform()
    let file = JournalFile()
    let life = Life()
    var runner = Self.lives(platform)
    let driver = OperationDriver(
      threads: Self.threads, clock: LifeClock(life, at: 1_767_225_600_000_000_000),
      keyValues: LifeKeyValues(life: life, file: file), digest: ShortDigest.of)
    _ = await life.run(try runner.request(file, life), on: runner.connector(life, SystemClock()), by: driver)
    let before = platform.requests
    runner = Self.lives(platform) { KitConnector(changed) }
    let again = Life()
    guard
      case .reported(let report) = await again.run(
        try runner.request(file, again), on: runner.connector(again, SystemClock()), by: driver)
    else { return }
    let error = try #require(report.error)
    #expect(error.code == .unknownOutcome && report.differedOnReplay)
    #expect(error.message.contains("S-6") && error.message.contains("turn 1, effect 1"), "\(error)")
    #expect(platform.requests == before)
  }

  @Test func storeThatFailsLetsNoWriteOut() async throws {
    for limit in 0..<14 {
      let platform = OrderPlatform()
      let file = JournalFile()
      let life = Life()
      let runner = Self.lives(platform)
      var request = try runner.request(file, life)
      request.journal = LifeJournal(file: file, life: life) { rows in
        rows >= limit ? .failed("the disk is full") : nil
      }
      let driver = OperationDriver(
        threads: Self.threads, clock: LifeClock(life, at: 1_767_225_600_000_000_000),
        keyValues: LifeKeyValues(life: life, file: file), digest: ShortDigest.of)
      let end = await life.run(request, on: runner.connector(life, SystemClock()), by: driver)
      guard case .reported(let report) = end else { continue }
      #expect(report.error?.code == .internal)
      let intents = file.rows.filter { $0.kind == .intent }.count
      #expect(platform.taken.values.reduce(0, +) <= intents, "after \(limit) rows")
      #expect(report.performedWrite == !platform.taken.isEmpty)
    }
  }

  @Test func fencedRunPerformsNothingMore() async throws {
    let platform = OrderPlatform()
    let file = JournalFile()
    let life = Life()
    let runner = Self.lives(platform)
    var request = try runner.request(file, life)
    request.journal = LifeJournal(file: file, life: life) { rows in rows > 0 ? .fenced : nil }
    let driver = OperationDriver(
      threads: Self.threads, clock: LifeClock(life, at: 1_767_225_600_000_000_000),
      keyValues: LifeKeyValues(life: life, file: file), digest: ShortDigest.of)
    let end = await life.run(request, on: runner.connector(life, SystemClock()), by: driver)
    guard case .reported(let report) = end else { return }
    #expect(report.outcome == .fenced)
    #expect(platform.taken == ["/one": 1])
  }

  @Test func refusedWriteIsSentWhenItsTimeHasComeWhereverTheHostIsKilled() async throws {
    let expected = try await Self.reference().report.outcome
    _ = try await Lives.killedEverywhere { point in
      let platform = OrderPlatform(refusing: ["/child/1", "/last", "/end"])
      let ending = try await Self.lives(platform).run(killedAt: [point])
      #expect(platform.taken == Self.everyOrder, "killed at \(point)")
      #expect(ending.report.outcome == expected, "killed at \(point): \(ending.report.outcome)")
      return point < 60 ? ending : Self.done(ending)
    } check: { _, _ in
    }
  }

  @Test func refusedFirstWriteLeavesTheAttemptUnburnt() async throws {
    let platform = OrderPlatform(refusing: ["/one"])
    let report = try await Self.lives(platform).run(killedAt: []).report
    #expect(report.error?.code == .rateLimited && report.error?.retry == .after(.seconds(60)))
    #expect(!report.performedWrite)
    #expect(platform.taken.isEmpty)
  }

  @Test func connectorOutOfServiceDoesNotHideWhatAnEarlierLifeWrote() async throws {
    let platform = OrderPlatform()
    let file = JournalFile()
    _ = try await Self.lives(platform).run(killedAt: [], file: file)
    let life = Life()
    let runner = Self.lives(platform)
    let hosted = runner.connector(life, SystemClock())
    hosted.health.fail(OperationError(.protocol, "S-7"))
    let driver = OperationDriver(
      threads: Self.threads, clock: VirtualClock(), keyValues: LifeKeyValues(life: life, file: file))
    let report = await driver.run(try runner.request(file, life), on: hosted)
    #expect(report.error?.code == .protocol && report.performedWrite && report.wasReplayed)
  }

  @Test(arguments: 0..<40) func suspendedAtAnyMomentGoesOnInAnotherLife(number: Int) async throws {
    let expected = try await Self.reference().report.outcome
    let platform = OrderPlatform()
    let file = JournalFile()
    let life = Life()
    let runner = Self.lives(platform)
    let asked = Atomic(0)
    let handle = Mutex<OperationHandle?>(nil)
    var request = try runner.request(file, life)
    request.observe = { _ in
      if asked.add(1, ordering: .relaxed).newValue == number { handle.withLock { $0 }?.suspend() }
    }
    let driver = OperationDriver(
      threads: Self.threads, clock: LifeClock(life, at: 1_767_225_600_000_000_000),
      keyValues: LifeKeyValues(life: life, file: file), digest: ShortDigest.of)
    let end = await life.run(request, on: runner.connector(life, SystemClock()), by: driver) { made in
      handle.withLock { $0 = made }
      if number == 0 { made.suspend() }
    }
    guard case .reported(let report) = end else { return }
    if report.outcome != .suspended {
      #expect(report.outcome == expected)
      return
    }
    let ending = try await runner.run(killedAt: [], file: file)
    #expect(ending.report.outcome == expected)
    #expect(platform.taken == Self.everyOrder)
    // Suspended in good order, nothing had to be looked up.
    #expect(!platform.requests.contains { $0.hasPrefix("GET /made") }, "\(platform.requests)")
  }

  /// A connector that never looks: what may have been done is not done again, whatever it asks for.
  @Test func hostNeverRepeatsAWriteByItself() async throws {
    let blind: ScriptedConnector.Script = { turn, _, _ in
      switch turn {
      case 1: .pushing(.effect(1, .http(.write("/a"))))
      case 2:
        .pushing(
          .effect(2, .http(.write("/b"))), .effect(3, .timer(.seconds(2))), .effect(4, .http(.write("/c"))))
      case 3, 4: TurnRecord()
      default: .done
      }
    }
    _ = try await Lives.killedEverywhere { point in
      let platform = OrderPlatform()
      let ending = try await Self.lives(platform) { ScriptedConnector(blind) }.run(killedAt: [point])
      #expect(platform.taken.values.allSatisfy { $0 == 1 }, "killed at \(point): \(platform.taken)")
      #expect(!ending.report.differedOnReplay)
      return ending
    } check: { _, _ in
    }
  }

  @Test func manyJobsAtOnceKilledAtRandomEndAsIfNothingHadHappened() async throws {
    let seed = UInt64.random(in: .min ... .max)
    let expected = try await Self.reference().report.outcome
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<300 {
        group.addTask {
          var chance = SplitMix64(seed: seed &+ UInt64(number))
          let points = (0..<Int.random(in: 0...5, using: &chance)).map { _ in
            Int.random(in: 1...35, using: &chance)
          }
          let platform = OrderPlatform(refusing: Bool.random(using: &chance) ? ["/last"] : [])
          let ending = try await Self.lives(platform).run(killedAt: points)
          #expect(ending.report.outcome == expected, "seed \(seed), job \(number): \(ending.report.outcome)")
          #expect(platform.taken == Self.everyOrder, "seed \(seed), job \(number)")
        }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: 0..<40) func cancelledAtAnyMomentTellsTheTruth(number: Int) async throws {
    let platform = OrderPlatform()
    let file = JournalFile()
    let life = Life()
    let runner = Self.lives(platform)
    let steps = Atomic(0)
    let handle = Mutex<OperationHandle?>(nil)
    var request = try runner.request(file, life)
    request.observe = { _ in
      if steps.add(1, ordering: .relaxed).newValue == number { handle.withLock { $0 }?.cancel() }
    }
    let driver = OperationDriver(
      threads: Self.threads, clock: LifeClock(life, at: 1_767_225_600_000_000_000),
      keyValues: LifeKeyValues(life: life, file: file), digest: ShortDigest.of)
    let end = await life.run(request, on: runner.connector(life, SystemClock()), by: driver) { made in
      handle.withLock { $0 = made }
    }
    guard case .reported(let report) = end else { return }
    #expect(report.performedWrite || platform.taken.isEmpty)
    guard let error = report.error else { return }
    #expect(error.code == .cancelled || error.code == .unknownOutcome, "\(error)")
    // What is told as cancelled had told what it did before.
    let results = try file.entries.filter { if case .result = $0 { true } else { false } }.count
    #expect(error.code == .unknownOutcome || platform.taken.count == results, "\(platform.taken), \(results)")
  }
}
