import ConnectorModel
import Ports
import Testing

@testable import Egress
@testable import Manifest
@testable import Runtime

/// What a tenant is told of limits: its own and those that all share.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceLimitsTests {
  /// Lets requests of an account through, and others wait.
  private func press(
    _ egress: Egress, _ subject: String, _ scope: Limits.Bucket.Scope = .account, limit: Int, waiting: Int
  ) async {
    let claim = LimitClaim(
      key: LimitKey(bucket: scope == .account ? "concurrency" : "shared", subject: subject),
      declared: Limits.Bucket(scope: scope, concurrent: limit))
    let request = LimitGate.Request(claims: [claim], lane: LimitLane(tenant: "t", connection: "c"))
    for _ in 0..<limit { _ = await egress.gate.enter(request, within: .seconds(30)) }
    for _ in 0..<waiting { Task { await egress.gate.enter(request, within: .seconds(30)) } }
    while egress.limits(now: 1).first(where: { $0.subject == subject })?.waiting[.publishing] ?? 0 < waiting {
      await Task.yield()
    }
  }

  private func add(_ account: String, to tenant: String, in service: Service) async throws -> String {
    let id = RecordID.make(.connection, now: service.clock.unixNanoseconds)
    let record = ConnectionRecord(
      id: id, tenant: tenant, connector: "mailchimp", accountID: account, variables: ["dc": "us7"],
      createdAt: 1)
    let entry = AuditEntry(tenant: tenant, actor: "test", event: "added", subject: id, at: 1)
    try await service.store.add(record, secrets: [], audit: entry)
    return id
  }

  @Test func aTenantSeesItsOwnBucketsAndTheSharedOnesAndNobodyElses() async throws {
    try await ServiceBench.with { bench in
      let other = try await bench.principal("other")
      let stranger = try await bench.principal("stranger")
      let own = try await add("acct-1", to: bench.owner.tenant, in: bench.service)
      let foreign = try await add("acct-2", to: "other", in: bench.service)
      let egress = try bench.service.served("mailchimp").egress
      await press(egress, "account:acct-1", limit: 3, waiting: 2)
      await press(egress, "account:acct-2", limit: 4, waiting: 0)
      await press(egress, "env:CLIENT", .app, limit: 5, waiting: 0)

      func told(_ principal: Principal) async throws -> [LimitStatus] {
        try await bench.service.limits(connector: "mailchimp", by: principal).limits
      }
      let mine = try await told(bench.owner)
      #expect(mine.map(\.holder) == [.connections([own]), .app])
      #expect(mine.map(\.bucket) == ["concurrency", "shared"])
      #expect(mine.first?.used == 3 && mine.first?.remaining == 0 && mine.first?.publishingWaiting == 2)
      #expect(mine.first?.source == "declared" && mine.first?.rule == "concurrency")
      #expect(try await told(other).map(\.holder) == [.connections([foreign]), .app])
      // A bucket of which only others have something is as good as unused.
      #expect(try await told(stranger).map(\.holder) == [.nobody, .app])
      #expect(try await told(stranger).map(\.used) == [0, 5])
      let text = "\(try await told(stranger))"
      #expect(!text.contains("acct-") && !text.contains("con_"))
    }
  }

  @Test func aTenantSeesTheHostsOfItsOwnConnections() async throws {
    try await ServiceBench.with { bench in
      let stranger = try await bench.principal("stranger")
      _ = try await add("acct-1", to: bench.owner.tenant, in: bench.service)
      let egress = try bench.service.served("mailchimp").egress
      let host = "https://us7.api.mailchimp.com"
      let now = bench.service.clock.unixNanoseconds
      for _ in 0..<Circuit.threshold {
        egress.withCircuits { circuits in
          guard let pass = circuits.enter(host, now: now) else { return }
          egress.withRandom { circuits.leave(pass, .failed, now: now, random: &$0) }
        }
      }
      let circuits = try await bench.service.limits(connector: nil, by: bench.owner).circuits
      let broken = try #require(circuits.first { $0.host == host })
      #expect(broken.state == .open && broken.failures == Circuit.threshold)
      #expect(broken.probesAt.map { $0 > now } == true)
      #expect(circuits.contains { $0.host == "https://api.mailchimp.com" && $0.state == .closed })
      let others = try await bench.service.limits(connector: nil, by: stranger).circuits
      #expect(!others.contains { $0.host == host })
    }
  }

  @Test func anUnknownConnectorIsNotFound() async throws {
    try await ServiceBench.with { bench in
      await #expect(throws: ServiceError.self) {
        try await bench.service.limits(connector: "myspace", by: bench.owner)
      }
    }
  }
}
