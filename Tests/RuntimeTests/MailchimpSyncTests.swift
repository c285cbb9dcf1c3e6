import ConnectorModel
import Ports
import Sandbox
import Testing

@testable import Runtime

/// The real connector's stream through the real service: the sandbox's reports, kept, checked and brought up to date.
@Suite(.serialized, .timeLimit(.minutes(2))) struct MailchimpSyncTests {
  private static let stream = "campaign.reports"

  private func records(_ bench: ServiceBench, _ connection: ConnectionRecord) async throws -> [SyncRecord] {
    try await bench.service.analytics(
      connection: connection.id, matching: AnalyticsQuery(), page: PageRequest(limit: 200), by: bench.owner
    ).records.elements.sorted { $0.id < $1.id }
  }

  /// Has the stream read once more than it was and returns what is known then, every record as its schema says.
  private func sync(_ bench: ServiceBench, _ connection: ConnectionRecord) async throws -> [SyncRecord] {
    let known = bench.logs.text.split(separator: "\n").count {
      $0.contains("\"event\":\"sync.succeeded\"") && $0.contains(connection.id)
    }
    let status = try await bench.service.runSync(
      connection: connection.id, stream: Self.stream, by: bench.owner)
    // One that runs already may have looked too early, and is followed by another.
    try await bench.logs.wait(
      for: "sync.succeeded", of: connection.id, count: known + (status.isRunning ? 2 : 1))
    let found = try await records(bench, connection)
    let schemas = try #require(bench.service.registry.now.served["mailchimp"]).schemas
    for record in found {
      #expect(schemas.complaint(aboutRecord: try value(record), of: Self.stream) == nil, "\(record.id)")
    }
    return found
  }

  private func value(_ record: SyncRecord) throws -> JSONValue {
    try StableJSON.decode(JSONValue.self, from: record.value)
  }

  @Test func reportsOfTheSandboxAreKeptAndFollowedWhileTheyChange() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      let job = try await bench.publish(on: connection)
      try await bench.job(job.id, after: "job.published")
      bench.sandbox.advanceClock(byMilliseconds: 10_000)
      // What was sent in the very second in which a window ends belongs to the next run.
      var early: [SyncRecord] = []
      for _ in 0..<500 where early.count < 3 { early = try await sync(bench, connection) }
      let campaign = try #require(try bench.sandbox.state("mailchimp")["campaigns"]?.elements?.first)
      let id = try #require(campaign["id"]?.text)
      #expect(early.map { $0.id.prefix { $0 != ":" } } == ["account", "audience", "campaign"])
      let before = try #require(early.last)
      #expect(before.subject == id && before.kind == "post")
      let few = try value(before)
      let sent = try #require(few["metrics"]?["sent"])
      #expect(sent != 0)

      // People open and click for days.
      bench.sandbox.advanceClock(byMilliseconds: 5 * 86_400_000)
      let late = try await sync(bench, connection)
      #expect(late.map(\.id) == early.map(\.id))
      let after = try #require(late.last)
      let many = try value(after)
      #expect(many["metrics"]?["sent"] == sent && many["metrics"] != few["metrics"])
      #expect(after.updatedAt > before.updatedAt && after.firstSeen == before.firstSeen)
      let status = try #require(
        try await bench.service.syncs(connection: connection.id, by: bench.owner).first)
      #expect(status.condition == .current && status.state.failure == nil && status.state.window == nil)
      #expect(status.state.cursor?.contains("newest") == true)
    }
  }
}
