import FoundationEssentials
import GRDB
import Ports
import TestTools
import Testing

@testable import Storage

/// What breaks under a store: it says so, loses nothing that it acknowledged, and answers where it can.
@Suite struct StorageFaultTests {
  private let directory = ScratchDirectory()
  private var path: String { directory.file("patchbay.sqlite") }

  private func error(_ body: () async throws -> Void) async -> StoreError? {
    do {
      try await body()
      return nil
    } catch {
      return error as? StoreError
    }
  }

  private func large(_ id: String) -> Job {
    var job = Job.sample(id)
    job.payload = Array(repeating: 7, count: 6_000)
    return job
  }

  @Test func fullDiskLosesNothing() async throws {
    // An odd number: a job takes two pages of a full file, and what is claimed may need the one that is left.
    let store = try await SQLiteStore.open(path: path, options: .init(maximumPages: 291))
    let acknowledged = Acknowledged()
    let refused = Acknowledged()
    for round in 0..<10 {
      await withTaskGroup(of: Void.self) { group in
        for index in 0..<40 {
          group.addTask {
            let id = "job_\(round)_\(index)"
            switch await code({ _ = try await store.enqueue(large(id), capacity: 10_000) }) {
            case nil: acknowledged.add(id)
            case let code?: refused.add(code.rawValue)
            }
          }
        }
      }
    }
    #expect(refused.all == ["full"])
    let ids = acknowledged.all
    #expect(ids.count > 20)
    let full = await error { _ = try await store.enqueue(large("one more"), capacity: 10_000) }
    #expect(full?.message.contains(path) == true && full?.message.contains("free some") == true)
    for id in ids { #expect(try await store.job(id, tenant: "acme")?.payload.count == 6_000) }
    // What needs no new page still goes: work is taken from the disk that way.
    let lease = try await store.claimOne()
    #expect(try await store.renew([lease.token], until: lease.until + 1).isEmpty)
    await store.close()

    let roomy = try await SQLiteStore.open(path: path)
    #expect(try await roomy.depth(tenant: "acme") == [.pending: ids.count - 1, .processing: 1])
    try await roomy.enqueue(large("one more"))
    await roomy.close()
  }

  @Test func largeWriteThatDoesNotFitLetsSmallOnesPass() async throws {
    let store = try await SQLiteStore.open(path: path, options: .init(maximumPages: 150))
    let outcomes = await withTaskGroup(of: (Bool, StoreError.Code?).self) { group in
      for index in 0..<60 {
        group.addTask {
          let isLarge = index % 20 == 7
          var job = Job.sample("job_\(index)")
          if isLarge { job.payload = Array(repeating: 7, count: 1_000_000) }
          let enqueued = job
          return (isLarge, await code { _ = try await store.enqueue(enqueued, capacity: 100) })
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { $0.0 ? $0.1 == .full : $0.1 == nil })
    #expect(try await store.depth(tenant: "acme") == [.pending: 57])
    await store.close()
  }

  @Test func readOnlyFileIsReadAndNotWritten() async throws {
    let writable = try await SQLiteStore.open(path: path)
    try await writable.enqueue(.sample("job_1"))
    await writable.close()
    let store = try await SQLiteStore.open(path: path, options: .init(isReadOnly: true))
    let refusal = await error { _ = try await store.enqueue(.sample("job_2"), capacity: 10) }
    #expect(refusal?.code == .readOnly && refusal?.message.contains(path) == true)
    #expect(await code { try await store.check() } == .readOnly)
    #expect(try await store.state("job_1") == .pending)
    #expect(try await store.state("job_2") == nil)
    await store.close()
    #expect(
      await code {
        _ = try await SQLiteStore.open(path: directory.file("none.sqlite"), options: .init(isReadOnly: true))
      } == .unavailable)
  }

  @Test func damagedPageStopsWritesAndLeavesReadsOfTheRest() async throws {
    let whole = try await SQLiteStore.open(path: path)
    _ = try await whole.makeTenant(Tenant(id: "acme", createdAt: start))
    for index in 0..<50 { try await whole.enqueue(.sample("job_\(index)")) }
    let root = try await whole.read {
      try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'jobs'")
    }
    await whole.close()
    let copy = directory.file("copy.sqlite")
    var bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
    let page = (try #require(root) - 1) * 4096
    for index in page..<page + 4096 { bytes[index] ^= 0x5A }
    directory.write(bytes, to: "copy.sqlite")

    let store = try await SQLiteStore.open(path: copy)
    _ = try await store.makeTenant(Tenant(id: "beta", createdAt: start))
    let damage = await error { _ = try await store.job("job_7", tenant: "acme") }
    #expect(damage?.code == .corrupt && damage?.message.contains(copy) == true)
    #expect(await code { _ = try await store.makeTenant(Tenant(id: "gamma", createdAt: start)) } == .corrupt)
    #expect(try await store.tenants().map(\.id) == ["acme", "beta"])
    await store.close()
    // A write that comes upon it stops the others as well.
    let second = try await SQLiteStore.open(path: copy)
    #expect(await code { _ = try await second.enqueue(.sample("job_99"), capacity: 1000) } == .corrupt)
    #expect(await code { try await second.check() } == .corrupt)
    #expect(try await second.tenants().count == 2)
    await second.close()

    let original = try await SQLiteStore.open(path: path)
    #expect(try await original.depth(tenant: "acme") == [.pending: 50])
    await original.close()
  }

  @Test func whatIsNoDatabaseIsNotOpened() async throws {
    directory.write(Array(repeating: 0x41, count: 10_000), to: "patchbay.sqlite")
    #expect(await code { _ = try await SQLiteStore.open(path: path) } == .corrupt)
    #expect(await code { _ = try await SQLiteStore.open(path: "/nowhere/patchbay.sqlite") } == .unavailable)
    #expect(await code { _ = try await SQLiteStore.open(path: directory.path) } == .unavailable)
  }
}
