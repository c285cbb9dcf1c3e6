import Ports
import Testing

@testable import Runtime

/// What a host that runs removes by itself, in virtual days.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RetentionSweepTests {
  private static let day = Duration.seconds(86_400)

  @Test func oldRowsGoWhileTheHostRuns() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      let store = bench.service.store
      func check(_ at: UInt64) -> HealthCheckRecord {
        HealthCheckRecord(
          connection: connection.id, tenant: connection.tenant, isHealthy: true, code: "ok", at: at)
      }
      try await store.add(check(bench.clock.unixNanoseconds))
      bench.clock.advance(by: Self.day * 10)
      let kept = check(bench.clock.unixNanoseconds)
      try await store.add(kept)
      bench.clock.advance(by: Self.day * 21)
      try await untilRemoved("health_checks", bench)
      #expect(try await store.healthChecks(connection: connection.id, limit: 9) == [kept])
      let text = await bench.service.metricsText()
      #expect(text.contains(#"patchbay_retention_removed_total{kind="health_checks"} 1"#), "\(text)")
    }
  }

  /// More than one transaction takes.
  @Test func manyRowsGoInSteps() async throws {
    try await SyncBench.with { bench in
      let connection = try await bench.connect()
      let store = bench.service.store
      let state = SyncState(
        tenant: connection.tenant, connection: connection.id, connector: "feed", stream: "old",
        nextDue: bench.clock.unixNanoseconds)
      try await store.add([state])
      let records = (0..<(RetentionSweep.step * 2 + 50)).map { number in
        SyncRecord(
          tenant: connection.tenant, connection: connection.id, stream: "old", id: "\(number)",
          subject: "\(number)", kind: "old", at: nil, value: Array("{}".utf8), firstSeen: 0)
      }
      _ = try await store.commit(records, state, now: bench.clock.unixNanoseconds)
      bench.clock.advance(by: Self.day * 401)
      try await untilRemoved("records", bench)
      #expect(bench.logs.text.contains("\(records.count) rows of records"))
      #expect(try await bench.records(connection).isEmpty)
      let trail = try await bench.service.auditEntries(page: PageRequest(), by: bench.owner)
      #expect(trail.elements.contains { $0.event == "connection.added" })
    }
  }

  /// A sweep begins every hour, whenever the one before has ended.
  private func untilRemoved(_ kind: String, _ bench: SyncBench) async throws {
    while !bench.logs.text.contains("rows of \(kind)") {
      try Task.checkCancellation()
      bench.clock.advance(by: .seconds(3600))
      // So that a sweep keeps pace with the hours.
      try await bench.service.store.check()
    }
  }
}
