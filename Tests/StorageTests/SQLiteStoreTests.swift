import ConnectorModel
import FoundationEssentials
import GRDB
import Ports
import TestTools
import Testing

@testable import Storage

@Suite struct SQLiteStoreTests {
  private let directory = ScratchDirectory()
  private var path: String { directory.file("patchbay.sqlite") }

  private func mode(_ path: String) throws -> Int {
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    return try #require(mode as? Int)
  }

  @Test func everyCommitReachesTheDisk() async throws {
    let store = try await SQLiteStore.open(path: path)
    try await store.check()
    let settings = try await store.pool.writeWithoutTransaction { database in
      (
        try Int.fetchOne(database, sql: "PRAGMA synchronous"),
        try String.fetchOne(database, sql: "PRAGMA journal_mode"),
        try Int.fetchOne(database, sql: "PRAGMA foreign_keys")
      )
    }
    #expect(settings == (2, "wal", 1))
    await store.close()
  }

  @Test func filesAreTheOwnersAlone() async throws {
    directory.write([], to: "patchbay.sqlite")
    let store = try await SQLiteStore.open(path: path)
    _ = try await store.makeTenant(Tenant(id: "acme", createdAt: start))
    for suffix in ["", "-wal", "-shm"] { #expect(try mode(path + suffix) == 0o600, "\(suffix)") }
    await store.close()
  }

  @Test func trailCannotBeChangedByAnySQL() async throws {
    let store = try await SQLiteStore.open(path: path)
    try await store.add(AuditEntry.sample("kept"))
    for sql in [
      "UPDATE audit SET event = 'other'", "DELETE FROM audit",
      "INSERT OR REPLACE INTO audit VALUES (1, 'acme', 'a', 'other', 's', '', 0)",
      "UPDATE OR REPLACE audit SET number = 2",
    ] {
      await #expect(throws: DatabaseError.self, "\(sql)") {
        try await store.pool.write { try $0.execute(sql: sql) }
      }
    }
    #expect(
      try await store.auditEntries(tenant: "acme", page: PageRequest()).elements.map(\.event) == ["kept"])
    await store.close()
  }

  @Test func writeThatFailsTakesNoneOfItsBatchWithIt() async throws {
    let store = try await SQLiteStore.open(path: path)
    let failures = await withTaskGroup(of: Int.self) { group in
      for index in 0..<1_000 {
        group.addTask {
          // Every fourth id is taken: its key is new, and its row is refused.
          let id = index % 4 == 3 ? "job_0" : "job_\(index)"
          let outcome = await code {
            _ = try await store.enqueue(.sample(id, key: "\(index)"), capacity: 10_000)
          }
          return outcome == nil ? 0 : 1
        }
      }
      return await group.reduce(0, +)
    }
    #expect(failures == 250)
    #expect(try await store.depth(tenant: "acme") == [.pending: 750])
    await store.close()
  }

  @Test func closedStoreIsUnavailableAndItsFileComplete() async throws {
    let store = try await SQLiteStore.open(path: path)
    let acknowledged = Acknowledged()
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<200 {
        group.addTask {
          switch await code({ _ = try await store.enqueue(.sample("job_\(index)"), capacity: 1_000) }) {
          case nil: acknowledged.add("job_\(index)")
          case let code: #expect(code == .unavailable)
          }
        }
      }
      group.addTask { await store.close() }
    }
    await store.close()
    #expect(await code { try await store.check() } == .unavailable)
    #expect(await code { _ = try await store.tenants() } == .unavailable)
    #expect(await store.ask(.init(.get, key: "a")).outcome == .internal)
    let again = try await SQLiteStore.open(path: path)
    #expect(try await again.depth(tenant: nil)[.pending] ?? 0 == acknowledged.all.count)
    await again.close()
  }

  @Test func cancelledTaskGetsItsAnswerAllTheSame() async throws {
    let store = try await SQLiteStore.open(path: path)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await store.enqueue(.sample("job_1"))
      return try await store.state("job_1")
    }
    task.cancel()
    #expect(try await task.value == .pending)
    await store.close()
  }

  /// What a copy made at any moment holds is what a kill at that moment leaves.
  @Test func everythingAcknowledgedIsInACopyMadeWhileWritesRun() async throws {
    let store = try await SQLiteStore.open(path: path)
    // Small enough for checkpoints to fall into the copies.
    try await store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 40") }
    let stored = Acknowledged()
    let published = Acknowledged()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          var index = 0
          while !stored.isOver {
            let id = "job_\(writer)_\(index)"
            index += 1
            try await store.enqueue(.sample(id, connection: "con_\(writer)"))
            stored.add(id)
          }
        }
      }
      group.addTask {
        while !stored.isOver {
          for lease in try await store.claim() {
            try await store.publish(lease)
            published.add(lease.job.id)
          }
        }
      }
      for round in 1...4 {
        while published.all.count < round * 40 { await Task.yield() }
        let copy = directory.file("copy\(round).sqlite")
        let (whole, done) = try await copyFiles(of: store, to: copy) {
          (stored.all, published.all)
        }
        let killed = try await SQLiteStore.open(path: copy)
        let ends = try await killed.read { database in
          try database.all("SELECT id, state FROM jobs") { row in (row.text(), row.integer()) }
        }
        let found = Dictionary(uniqueKeysWithValues: ends)
        #expect(whole.subtracting(found.keys).isEmpty, "lost")
        #expect(done.filter { found[$0] != Job.State.published.number }.isEmpty, "open again")
        #expect(try await killed.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
        await killed.close()
      }
      stored.end()
      try await group.waitForAll()
    }
    await store.close()
  }

  /// A reader that is open keeps a checkpoint from starting the log anew between the two copies; pages that one
  /// writes meanwhile are in the log still, as they are after a kill.
  private func copyFiles<Facts: Sendable>(
    of store: SQLiteStore, to copy: String, after facts: @escaping @Sendable () -> Facts
  ) async throws -> Facts {
    let path = path
    return try await NamedThread.run("copy") {
      try store.pool.read { database in
        _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM host")
        let facts = facts()
        for suffix in ["", "-wal"] {
          try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        return facts
      }
    }
  }
}
