import Ports
import Testing

@Suite struct StoreBehaviourJournalTests {
  @Test(arguments: StoreEngine.allCases) func rowsComeBackInTheirOrder(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      let rows = [
        JournalRow(.start, library: "ab12", bytes: [1]), JournalRow(.turn, bytes: []),
        JournalRow(.intent, effect: .max, bytes: [0, 255]),
      ]
      try await store.append(rows, under: lease.token)
      try await store.append([JournalRow(.result, effect: .max, bytes: [4])], under: lease.token)
      #expect(try await store.journal(of: "job_1") == rows + [JournalRow(.result, effect: .max, bytes: [4])])
      #expect(try await store.journal(of: "job_2").isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func countsTellOperationsAndOpenIntents(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      #expect(try await store.journalCounts() == JournalCounts(operations: 0, openIntents: 0))
      let journals: [[JournalRow]] = [
        [JournalRow(.start, library: "a", bytes: [])],
        [JournalRow(.intent, effect: 1, bytes: []), JournalRow(.result, effect: 1, bytes: [])],
        [
          JournalRow(.intent, effect: 1, bytes: []), JournalRow(.result, effect: 1, bytes: []),
          JournalRow(.intent, effect: 2, bytes: []), JournalRow(.intent, effect: 3, bytes: []),
        ],
        // The result of another operation's effect.
        [JournalRow(.start, library: "b", bytes: []), JournalRow(.intent, effect: 1, bytes: [])],
      ]
      for (index, rows) in journals.enumerated() {
        try await store.enqueue(.sample("job_\(index)", connection: "con_\(index)"))
        try await store.append(rows, under: try await store.claimOne().token)
      }
      #expect(try await store.journalCounts() == JournalCounts(operations: 4, openIntents: 2))
      #expect(try await store.pinnedLibraries() == ["a", "b"])
    }
  }

  @Test(arguments: StoreEngine.allCases) func settledOperationStoresNothingMore(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      try await store.settle(lease, .park(until: start, note: ""))
      #expect(
        await code { try await store.append([JournalRow(.turn, bytes: [])], under: lease.token) } == .fenced)
      #expect(
        await code {
          try await store.append([JournalRow(.turn, bytes: [])], under: LeaseToken(job: "none", fence: 1))
        } == .fenced)
    }
  }
}
