import Ports
import Testing

@testable import Jobs

@Suite struct DispatchBookTests {
  private var book = DispatchBook(settings: DispatcherSettings(), seed: 1)

  private func lease(_ job: String, connection: String, fence: UInt64 = 1) -> Lease {
    Lease(
      job: .sample(job, connection: connection), token: LeaseToken(job: job, fence: fence),
      until: start + 30 * second, number: 1)
  }

  @Test mutating func cancellationThatComesDuringAClaimMeetsTheClaimedJob() {
    book.claimBegins()
    #expect(book.cancel("job_1").isEmpty)
    let started = book.take([lease("job_1", connection: "a"), lease("job_2", connection: "b")])
    #expect(started.map(\.isCancelled) == [true, false])
    // It is not kept for later claims.
    book.claimBegins()
    #expect(book.take([lease("job_1", connection: "c", fence: 2)]).map(\.isCancelled) == [false])
  }

  @Test mutating func clockThatIsSetBackDoesNotKeepItFromLooking() {
    book.storeFailed(now: start + day)
    let longest = start + 10 * second
    guard case .wait(let until) = book.nextStep(now: start) else {
      Issue.record("it looks although the store failed")
      return
    }
    #expect(until <= longest)
    #expect(book.nextStep(now: longest) == .look(capacity: DispatcherSettings().concurrency))
  }

  @Test mutating func cancellationIsPassedOnOnce() {
    _ = book.take([lease("job_1", connection: "a")])
    #expect(book.cancel("job_1").count == 1)
    #expect(book.cancel("job_1").isEmpty)
  }

  @Test mutating func secondLeaseOfAConnectionStartsWhenTheFirstReturns() {
    let first = lease("job_1", connection: "a")
    let second = lease("job_2", connection: "a")
    #expect(book.take([first, second]).map(\.lease) == [first])
    #expect(book.returned(first.token)?.next?.lease == second)
    #expect(book.returned(second.token)?.next?.lease == nil)
  }

  @Test mutating func lostLeaseOfAnAttemptBehindIsForgotten() {
    let first = lease("job_1", connection: "a")
    let second = lease("job_2", connection: "a")
    _ = book.take([first, second])
    #expect(book.renewed([first.token, second.token], until: .max, lost: [second.token]).count == 1)
    #expect(book.held == [first.token])
    #expect(book.returned(first.token)?.next?.lease == nil)
  }

  @Test mutating func leaseThatIsNotRenewedExpiresOnce() {
    let token = lease("job_1", connection: "a").token
    _ = book.take([lease("job_1", connection: "a")])
    #expect(book.expire(now: start + 30 * second - 1).isEmpty)
    #expect(book.expire(now: start + 30 * second).map(\.lease.token) == [token])
    #expect(book.expire(now: start + 31 * second).isEmpty)
    #expect(!book.maySettle(token))
  }

  @Test mutating func attemptBeingSettledIsLeftToTheStore() {
    let token = lease("job_1", connection: "a").token
    _ = book.take([lease("job_1", connection: "a")])
    _ = book.returned(token)
    #expect(book.renewed([token], until: start, lost: [token]).isEmpty)
    #expect(book.expire(now: .max).isEmpty)
    #expect(book.hasOverdue(now: start + second))
    #expect(book.maySettle(token))
  }

  @Test mutating func stopDrainsThenSuspendsThenCloses() {
    let token = lease("job_1", connection: "a").token
    _ = book.take([lease("job_1", connection: "a")])
    book.stop(at: start + 10 * second)
    #expect(book.nextStep(now: start) == .wait(until: start + 10 * second))
    book.stop(at: start + 5 * second)
    #expect(book.nextStep(now: start) == .wait(until: start + 5 * second))
    #expect(book.nextStep(now: start + 5 * second) == .suspend([token]))
    #expect(book.nextStep(now: start + 5 * second) == .wait(until: start + 7 * second))
    #expect(book.nextStep(now: start + 7 * second) == .close)
    #expect(!book.maySettle(token))
  }

  @Test mutating func stopWithNothingUnderWayClosesAtOnce() {
    book.stop(at: start + 10 * second)
    #expect(book.nextStep(now: start) == .close)
    #expect(book.take([lease("job_1", connection: "a")]).isEmpty)
    #expect(book.entries.isEmpty)
  }

  @Test mutating func leasesClaimedWhileTheHostStopsAreGivenBack() {
    book.stop(at: start + 10 * second)
    let late = lease("job_1", connection: "a")
    #expect(book.take([late]).isEmpty)
    #expect(book.nextStep(now: start) == .giveBack([late.token]))
    #expect(book.nextStep(now: start) == .wait(until: start + 10 * second))
  }

  @Test mutating func failingStoreIsLeftAloneLongerAndLonger() {
    var waits: [UInt64] = []
    for _ in 0..<12 {
      book.storeFailed(now: start)
      guard case .wait(let until) = book.nextStep(now: start) else {
        Issue.record("no wait")
        return
      }
      waits.append(until - start)
    }
    #expect((50_000_000...100_000_000).contains(waits[0]))
    #expect((5 * second...10 * second).contains(waits[11]))
    book.storeAnswered()
    book.storeFailed(now: start)
    guard case .wait(let until) = book.nextStep(now: start) else {
      Issue.record("no wait")
      return
    }
    #expect(until - start <= 100_000_000)
  }
}
