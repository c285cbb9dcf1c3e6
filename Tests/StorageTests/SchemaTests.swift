import ConnectorModel
import FoundationEssentials
import GRDB
import Ports
import TestTools
import Testing

@testable import Storage

@Suite struct SchemaTests {
  private let directory = ScratchDirectory()
  private var path: String { directory.file("patchbay.sqlite") }

  private func makeFile(ofVersion version: Int) throws {
    let fixture = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
    let url = "/\(fixture)/Fixtures/version-\(version).sql"
    let sql = String(decoding: try #require(FileManager.default.contents(atPath: url)), as: UTF8.self)
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  private func schema(_ path: String) throws -> [String] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
      try String.fetchAll(database, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        .map { $0.split { $0.isWhitespace }.joined(separator: " ") }
    }
  }

  @Test func everyVersionHasAFixture() throws {
    for version in 1...Schema.version {
      try makeFile(ofVersion: version)
      try FileManager.default.removeItem(atPath: path)
    }
  }

  @Test(arguments: 1...Schema.version) func fileOfAnEarlierVersionGoesOn(_ version: Int) async throws {
    try makeFile(ofVersion: version)
    let store = try await SQLiteStore.open(path: path)
    #expect(try await store.tenants() == [Tenant(id: "acme", createdAt: start, dataKey: [1, 2])])
    #expect(try await store.apiKeys(tenant: "acme").map(\.scopes) == [[.publish, .read]])
    #expect(try await store.connection("con_1")?.variables == ["dc": "us19"])
    #expect(try await store.secret(connection: "con_1", field: "key")?.bytes == [1, 2, 3])
    #expect(try await store.deadLetter("dlq_1", tenant: "acme")?.job.error?.message == "refused")
    #expect(try await store.attempts(job: "job_dead").first?.times.journal == 6)
    #expect(try await store.journalCounts() == JournalCounts(operations: 1, openIntents: 1))
    #expect(await store.ask(.init(.get, key: "cursor"), connector: "mailchimp").version == 4)
    #expect(try await store.auditEntries(tenant: "acme", page: PageRequest()).elements.count == 1)
    #expect(try await store.pauses() == [.connector("meta")])
    #expect(try await store.depth(tenant: "acme") == [.pending: 1, .processing: 1, .dead: 1])
    let lease = try await store.claimOne(now: start + hour)
    #expect(lease.job.id == "job_running" && lease.token.fence == 3)
    await store.close()

    let new = directory.file("new.sqlite")
    await (try SQLiteStore.open(path: new)).close()
    #expect(try schema(path) == schema(new))
  }

  @Test func fileOfALaterVersionIsLeftAlone() async throws {
    let queue = try DatabaseQueue(path: path)
    try await queue.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA user_version = \(Schema.version + 1)")
    }
    try queue.close()
    let code = await code { _ = try await SQLiteStore.open(path: path) }
    #expect(code == .tooNew)
    #expect(try schema(path).isEmpty)
  }

  @Test func reopenedFileIsNotMigratedAgain() async throws {
    for _ in 0..<2 {
      let store = try await SQLiteStore.open(path: path)
      _ = try await store.makeTenant(Tenant(id: "acme", createdAt: start))
      #expect(try await store.tenants().count == 1)
      await store.close()
    }
  }

  /// A claim, and what people ask for, must not look at every job there is.
  @Test(arguments: [
    SQLiteStore.next, SQLiteStore.lapsed,
    "SELECT number FROM jobs WHERE tenant = ? AND number < ? AND state = 2 AND finished_at IS NULL ORDER BY number DESC",
    "SELECT number FROM jobs WHERE tenant = ? AND number < ? AND state = 8 ORDER BY number DESC",
    "SELECT number FROM jobs WHERE tenant = ? AND number < ? AND connection = ? ORDER BY number DESC",
    "SELECT number FROM jobs WHERE (state = 0 OR state = 4) AND available_at <= ? ORDER BY available_at",
    "SELECT number FROM jobs WHERE finished_at IS NULL AND due_at < ? AND state <> 2 ORDER BY due_at LIMIT ?",
    "SELECT number FROM jobs WHERE in_ledger = 1 AND finished_at IS NOT NULL AND finished_at <= ? LIMIT ?",
    "SELECT number FROM jobs WHERE tenant = ? AND connection = ? AND idempotency_key = ? AND in_ledger = 1",
  ]) func hotQueriesUseIndexes(_ sql: String) async throws {
    let store = try await SQLiteStore.open(path: path)
    let plan = try await store.read { database in
      let unset = StatementArguments(
        [Int?](repeating: nil, count: sql.count { $0 == "?" }))
      return try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: unset)
        .map { $0["detail"] as String }
    }
    await store.close()
    #expect(!plan.isEmpty)
    for step in plan {
      #expect(
        !step.contains("SCAN") || step.contains("USING INDEX") || step.contains("COVERING INDEX"), "\(plan)")
      #expect(!step.contains("TEMP B-TREE"), "\(plan)")
    }
  }
}
