import ConnectorModel
import FoundationEssentials
import Manifest
import Ports
import Synchronization
import TestTools
import Testing

@testable import Runtime

/// Streams that a loaded connector reads, into the real store, on a virtual clock.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SyncTests {
  private typealias Bench = SyncBench

  @Test func streamOfANewConnectionIsReadWithinAMinute() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a"), Bench.item("b", opens: 2)), of: connection)
      try await bench.put(1, Bench.page(Bench.item("c")), of: connection)
      #expect(try await bench.status(connection).condition == .unavailable)
      let begun = bench.clock.unixNanoseconds
      bench.pass(Bench.minute)
      let status = try await bench.sync(connection, "succeeded")
      #expect(status.condition == .current)
      #expect(status.state.runs == 1 && status.state.runRecords == 3 && status.state.cursor == nil)
      #expect(status.state.failure == nil && status.state.window == nil)
      let covered = try #require(status.state.coveredUntil)
      #expect((begun...bench.clock.unixNanoseconds).contains(covered))
      let records = try await bench.records(connection)
      #expect(records.map(\.id) == ["a", "b", "c"])
      #expect(records.map(\.kind) == ["items", "items", "items"])
      #expect(String(decoding: records[1].value, as: UTF8.self).contains(#""opens":2"#))
    }
  }

  @Test func lateDataIsFoundAndWhatIsOlderThanTheLookbackIsNotAskedFor() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(
        0, Bench.page(Bench.item("old", at: "2025-12-01T00:00:00Z"), Bench.item("new"), Bench.item("same")),
        of: connection)
      bench.pass(Bench.minute)
      try await bench.sync(connection, "succeeded")
      let first = try await bench.records(connection)

      try await bench.put(
        0,
        Bench.page(
          Bench.item("old", opens: 9, at: "2025-12-01T00:00:00Z"), Bench.item("new", opens: 5),
          Bench.item("same")),
        of: connection)
      bench.pass(Bench.hour * 9)
      let status = try await bench.sync(connection, "succeeded", count: 2)
      #expect(status.state.runRecords == 2)
      let second = try await bench.records(connection)
      #expect(second.map(\.id) == ["new", "old", "same"])
      #expect(second[0].updatedAt > first[0].updatedAt && second[0].firstSeen == first[0].firstSeen)
      #expect(second[1] == first[1] && second[2] == first[2])
      #expect(bench.logs.text.contains("0 new, 1 changed, 1 unchanged"))
    }
  }

  @Test func invalidRecordFailsTheRunAndItsCheckpointStoresNothing() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      try await bench.put(1, Bench.page(Bench.item("b"), Bench.item("c", opens: -1)), of: connection)
      bench.pass(Bench.minute)
      let status = try await bench.sync(connection, "failed")
      #expect(status.condition == .unavailable)
      #expect(status.state.failure?.message.contains("record 3") == true)
      #expect(status.state.failure?.message.contains("/opens") == true)
      #expect(status.state.cursor == "1")
      #expect(try await bench.records(connection).map(\.id) == ["a"])
    }
  }

  @Test func failingStreamIsTriedLaterAndLaterAndGoesOnWhereItWas() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      try await bench.put(1, Bench.page(Bench.item("b"), with: ["fails": "upstream"]), of: connection)
      bench.pass(Bench.minute)
      var window: SyncState.Window?
      for (failures, pause) in [(1, 1), (2, 2), (3, 4)] {
        let state = try await bench.sync(connection, "failed", count: failures).state
        #expect(state.failures == failures)
        #expect(state.failure?.code == "upstream")
        #expect(state.nextDue == (Bench.minute * pause).after(bench.clock.unixNanoseconds))
        #expect(state.cursor == "1")
        if let window { #expect(state.window == window) }
        window = state.window
        if failures == 3 { try await bench.put(1, Bench.page(Bench.item("b")), of: connection) }
        bench.pass(Bench.minute * pause)
      }
      let done = try await bench.sync(connection, "succeeded").state
      #expect(done.failures == 0 && done.failure == nil && done.runRecords == 1)
      #expect(done.coveredUntil == window?.until)
      #expect(try await bench.records(connection).map(\.id) == ["a", "b"])
    }
  }

  @Test func accountThatIsRefusedNeedsAPerson() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(with: ["fails": "unauthenticated"]), of: connection)
      bench.pass(Bench.minute)
      try await bench.logs.wait(for: "connection.attention", of: connection.id)
      #expect(try await bench.service.connection(connection.id, by: bench.owner).state == .attention)
      #expect(try await bench.status(connection).isPaused)
      bench.pass(Bench.hour * 48)
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      // Another connection's run shows that the streams were looked at meanwhile.
      let other = try await bench.connect()
      bench.pass(Bench.minute)
      try await bench.sync(other, "succeeded")
      #expect(bench.count("sync.started", of: connection) == 1)
    }
  }

  /// Others may go on working: a connection that publishes is not stopped because its reports are not permitted.
  @Test func missingPermissionFailsTheStreamAlone() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(with: ["fails": "permission"]), of: connection)
      bench.pass(Bench.minute)
      #expect(try await bench.sync(connection, "failed").state.failures == 1)
      #expect(try await bench.service.connection(connection.id, by: bench.owner).state == .healthy)
    }
  }

  @Test func limitIsWaitedForAndIsNoFailure() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      try await bench.put(1, Bench.page(with: ["fails": "rate_limited", "retryAfter": 900]), of: connection)
      bench.pass(Bench.minute)
      let state = try await bench.sync(connection, "waiting").state
      #expect(state.failures == 0 && state.failure?.code == "rate_limited")
      #expect(state.nextDue == Duration.seconds(900).after(bench.clock.unixNanoseconds))
      #expect(try await bench.records(connection).map(\.id) == ["a"])
      try await bench.put(1, Bench.page(Bench.item("b")), of: connection)
      bench.pass(Bench.minute * 15)
      #expect(try await bench.sync(connection, "succeeded").state.runRecords == 1)
    }
  }

  @Test func pauseEndsARunAndTheNextGoesOnFromItsCheckpoint() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      try await bench.put(1, Bench.page(Bench.item("b"), with: ["sleep": 100]), of: connection)
      bench.pass(Bench.minute)
      try await untilCursor("1", connection, bench)
      _ = try await bench.service.setPause(ofConnection: connection.id, isPaused: true, by: bench.owner)
      let status = try await bench.sync(connection, "interrupted")
      #expect(status.isPaused && status.state.failures == 0)
      let refusal = await #expect(throws: ServiceError.self) {
        try await bench.service.runSync(connection: connection.id, stream: "items", by: bench.owner)
      }
      #expect(refusal?.code == .conflict)
      bench.pass(Bench.hour)
      try await bench.put(1, Bench.page(Bench.item("b")), of: connection)
      _ = try await bench.service.setPause(ofConnection: connection.id, isPaused: false, by: bench.owner)
      #expect(try await bench.sync(connection, "succeeded").state.runRecords == 1)
      #expect(try await bench.records(connection).map(\.id) == ["a", "b"])
    }
  }

  @Test func stoppedHostLeavesTheRunToTheNext() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      try await bench.put(1, Bench.page(Bench.item("b"), with: ["sleep": 1]), of: connection)
      bench.pass(Bench.minute)
      try await untilCursor("1", connection, bench)
      await bench.stop()
      #expect(bench.count("sync.interrupted", of: connection) == 1)

      // It is due at once.
      let again = try await bench.reopened()
      try await letSleep(connection, again, until: 1)
      #expect(try await again.status(connection).state.runRecords == 1)
      #expect(try await again.records(connection).map(\.id) == ["a", "b"])
      await again.stop()
    }
  }

  @Test func orderedRunComesAtOnceAndAnotherWhileItRunsComesAfterIt() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a"), with: ["sleep": 1]), of: connection)
      func order(_ stream: String = "items") async throws -> SyncStatus {
        try await bench.service.runSync(connection: connection.id, stream: stream, by: bench.owner)
      }
      #expect(try await order().state.runs == 0)
      try await bench.logs.wait(for: "sync.started", of: connection.id)
      let again = try await order()
      #expect(again.isRunning && again.state.runs == 1)
      try await letSleep(connection, bench, until: 2)
      #expect(try await bench.status(connection).state.runs == 2)
      let missing = await #expect(throws: ServiceError.self) { try await order("members") }
      #expect(missing?.code == .notFound)
      #expect(missing?.message.contains("items") == true)
    }
  }

  @Test func checkpointsGiveALongRunNewEffects() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      // More than the 16 effects that the manifest allows.
      for number in 0..<40 {
        try await bench.put(number, Bench.page(Bench.item("r\(number)")), of: connection)
      }
      bench.pass(Bench.minute)
      #expect(try await bench.sync(connection, "succeeded").state.runRecords == 40)
      #expect(try await bench.records(connection).count == 40)
    }
  }

  @Test func recordsWithoutACheckpointHaveABound() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      let many = (0..<1_100).map { Bench.item("\($0)") }
      for number in 0..<10 {
        let page: JSONValue = ["isUnmarked": true, "records": .array(many)]
        try await bench.put(number, page, of: connection)
      }
      bench.pass(Bench.minute)
      let status = try await bench.sync(connection, "failed")
      #expect(status.state.failure?.code == "quota", "\(status)")
      #expect(try await bench.records(connection).isEmpty)
    }
  }

  @Test func removedConnectionTakesItsRunWithIt() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      try await bench.put(1, Bench.page(Bench.item("b"), with: ["sleep": 100]), of: connection)
      bench.pass(Bench.minute)
      try await untilCursor("1", connection, bench)
      try await bench.service.removeConnection(connection.id, by: bench.owner)
      while bench.service.syncRunner.book.withLock({ !$0.isIdle }) { await Task.yield() }
      #expect(!bench.logs.text.contains("store.failed"))
      #expect(try await bench.service.store.sync(connection: connection.id, stream: "items") == nil)
    }
  }

  @Test func reloadedManifestSaysHowOften() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a")), of: connection)
      bench.pass(Bench.minute)
      try await bench.sync(connection, "succeeded")
      let file = URL(filePath: bench.place.file("manifests/feed.yaml"))
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      try Data(text.replacing("every: 6h", with: "every: 1h").utf8).write(to: file)
      try await bench.service.reload()
      bench.pass(Bench.hour * 9)
      let state = try await bench.sync(connection, "succeeded", count: 2).state
      #expect(state.nextDue < Bench.hour.after(bench.clock.unixNanoseconds) + Bench.hour.nanosecondsClamped)
      // The library still has the stream: such a manifest is refused, and the old one stays.
      try Data(text[..<(text.firstRange(of: "sync:")?.lowerBound ?? text.endIndex)].utf8).write(to: file)
      try await bench.service.reload()
      #expect(try await bench.status(connection).isPaused == false)
    }
  }

  @Test func figuresTellOfRunsRecordsAndLag() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      try await bench.put(0, Bench.page(Bench.item("a"), Bench.item("b")), of: connection)
      bench.pass(Bench.minute)
      try await bench.sync(connection, "succeeded")
      bench.clock.advance(by: Bench.minute)
      let text = await bench.service.metricsText()
      for line in [
        #"patchbay_syncs_total{platform="feed",stream="items",result="started"} 1"#,
        #"patchbay_syncs_total{platform="feed",stream="items",result="succeeded"} 1"#,
        #"patchbay_sync_records_total{platform="feed",stream="items",change="new"} 2"#,
        #"patchbay_syncs_unread{platform="feed",stream="items"} 0"#,
      ] { #expect(text.contains(line), "\(text)") }
      let health = try await bench.service.syncHealth(by: bench.owner)
      #expect(health.map(\.census.connections) == [1])
      let lag = try #require(health.first?.seconds)
      #expect((60...120).contains(lag))
    }
  }

  /// Lets virtual time pass until so many runs succeeded; much slower than the deadline of one.
  private func letSleep(_ connection: ConnectionRecord, _ bench: SyncBench, until count: Int) async throws {
    while bench.count("sync.succeeded", of: connection) < count {
      bench.clock.advance(by: .milliseconds(50))
      _ = try await bench.status(connection)
    }
  }

  /// Suspends until a checkpoint with this cursor is stored.
  private func untilCursor(_ cursor: String, _ connection: ConnectionRecord, _ bench: SyncBench) async throws
  {
    while try await bench.status(connection).state.cursor != cursor { await Task.yield() }
  }
}
