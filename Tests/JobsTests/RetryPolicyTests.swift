import ConnectorModel
import Jobs
import Testing

@Suite struct RetryPolicyTests {
  @Test func delayDoublesWithUpToASecondMoreAndStopsAtAMinute() {
    let policy = RetryPolicy()
    var random = SplitMix64(seed: 7)
    for failures in [0, 1, 2, 5, 6, 63, 64, Int.max] {
      let base = min(1 << min(failures, 10), 60)
      for _ in 0..<200 {
        let delay = policy.delay(afterFailures: failures, using: &random)
        #expect(delay >= .seconds(base) && delay <= .seconds(min(base + 1, 60)))
      }
    }
  }

  @Test func delaysOfManyJobsSpread() {
    let policy = RetryPolicy()
    var random = SplitMix64(seed: 7)
    let delays = Set((0..<100).map { _ in policy.delay(afterFailures: 0, using: &random) })
    #expect(delays.count > 90)
  }
}
