import Ports
import Testing

@Suite struct StoreBehaviourLimitTests {
  private func count(_ bucket: String, _ subject: String, _ places: [(UInt64, Int)]) -> RateCount {
    RateCount(
      bucket: bucket, subject: subject, places: places.map { RateCount.Places(until: $0.0, count: $0.1) })
  }

  @Test(arguments: StoreEngine.allCases) func countsAreKeptUntilTheyCountNoMore(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let daily = count("daily", "account:a", [(start + 10, 2), (start + 20, 1)])
      let other = count("daily", "account:b", [(start + 5, 1)])
      try await store.keep([daily, other], connector: "meta", now: start)
      try await store.keep([daily], connector: "linkedin", now: start)
      #expect(try await store.rateCounts(now: start) == ["meta": [daily, other], "linkedin": [daily]])
      #expect(
        try await store.rateCounts(now: start + 10)["meta"] == [
          count("daily", "account:a", [(start + 20, 1)])
        ])
      #expect(try await store.rateCounts(now: start + 20).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.allCases) func newCountsTakeThePlaceOfOldOnes(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      try await store.keep(
        [count("daily", "app", [(start + 10, 2)]), count("hourly", "app", [(start + 9, 1)])],
        connector: "meta", now: start)
      let newer = count("daily", "app", [(start + 30, 3)])
      try await store.keep([newer, count("hourly", "app", [])], connector: "meta", now: start + 1)
      #expect(try await store.rateCounts(now: start + 1) == ["meta": [newer]])
    }
  }
}
