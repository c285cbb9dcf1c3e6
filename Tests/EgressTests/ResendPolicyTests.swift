import ConnectorModel
import Ports
import Testing

@testable import Egress

@Suite struct ResendPolicyTests {
  private enum Kind: Equatable { case settle, refresh, resend(String), tooLong, unreachable }

  private func kind(_ verdict: ResendPolicy.Verdict) -> Kind {
    switch verdict {
    case .settle: .settle
    case .refresh: .refresh
    case .resend(_, let reason): .resend(reason.rawValue)
    case .tooLong: .tooLong
    case .unreachable: .unreachable
    }
  }

  /// What happens when the same finding comes again and again, until it is settled.
  private func course(_ finding: Finding, isWrite: Bool, park: Duration = .seconds(30)) -> [Kind] {
    var policy = ResendPolicy(park: park)
    var random = SplitMix64(seed: 1)
    var course: [Kind] = []
    repeat {
      course.append(kind(policy.verdict(on: finding, isWrite: isWrite, random: &random)))
    } while ![.settle, .tooLong, .unreachable].contains(course.last) && course.count < 100
    return course
  }

  @Test(arguments: [true, false])
  func whatProvesThatNothingWasDoneIsSentAgainEvenForWrites(_ isWrite: Bool) {
    let limited = Finding.answer(429, retryAfter: .seconds(2))
    #expect(
      course(limited, isWrite: isWrite) == Array(repeating: .resend("rate_limited"), count: 8) + [.settle])
    let busy = Finding.answer(503, retryAfter: .seconds(2))
    #expect(course(busy, isWrite: isWrite) == Array(repeating: .resend("unavailable"), count: 8) + [.settle])
    #expect(course(.answer(401), isWrite: isWrite) == [.refresh, .settle])
    for kind in [TransportFailure.Kind.resolve, .connect, .timeout, .reset, .refusedStream] {
      let unsent = course(.failure(kind, left: false), isWrite: isWrite)
      #expect(unsent == Array(repeating: .resend("network"), count: 3) + [.unreachable], "\(kind)")
    }
  }

  @Test(arguments: [
    Finding.answer(500), .answer(502), .answer(503), .answer(504), .failure(.timeout, left: true),
    .failure(.reset, left: true), .failure(.truncated, left: true), .failure(.malformed, left: true),
  ])
  func doubtfulEndsAreRepeatedTwiceForReadsAndNeverForWrites(_ finding: Finding) {
    #expect(course(finding, isWrite: false) == [.resend("retry"), .resend("retry"), .settle])
    #expect(course(finding, isWrite: true) == [.settle])
  }

  @Test(arguments: [
    Finding.answer(200), .answer(204), .answer(304), .answer(400), .answer(403), .answer(404), .answer(409),
    .answer(422), .answer(401, as: .permission, isByRule: true), .answer(429, as: .quota, isByRule: true),
    .answer(500, as: .invalidInput, isByRule: true), .failure(.cancelled, left: false),
    .failure(.refusedAddress, left: false), .failure(.tls, left: true), .failure(.tooLarge, left: true),
    .failure(.other, left: false),
  ])
  func everythingElseIsDeliveredOnce(_ finding: Finding) {
    for isWrite in [true, false] { #expect(course(finding, isWrite: isWrite) == [.settle]) }
  }

  @Test func aRuleProvesALimitOnlyWhereTheStatusIsARefusal() {
    for status in [400, 403, 420, 422] {
      let limited = Finding.answer(status, as: .rateLimited, isByRule: true)
      #expect(course(limited, isWrite: true).first == .resend("rate_limited"), "\(status)")
      #expect(limited.isProvenUndone && limited.pace == .refused)
    }
    for status in [200, 408, 500, 502] {
      let doubtful = Finding.answer(status, as: .rateLimited, isByRule: true)
      #expect(course(doubtful, isWrite: true) == [.settle], "\(status)")
      #expect(!doubtful.isProvenUndone)
    }
    #expect(course(.answer(403), isWrite: true) == [.settle])
  }

  @Test func waitsLongerThanParkingEndAtOnce() {
    var policy = ResendPolicy(park: .seconds(30))
    var random = SplitMix64(seed: 1)
    let asked = policy.verdict(on: .answer(429, retryAfter: .seconds(31)), isWrite: true, random: &random)
    #expect(asked == .tooLong(.seconds(31)))
    let borderline = policy.verdict(
      on: .answer(429, retryAfter: .seconds(30)), isWrite: true, random: &random)
    #expect(borderline == .resend(after: .seconds(30), reason: .rateLimited))
  }

  @Test func faultsNeverWaitLongerThanParking() {
    var policy = ResendPolicy(park: .milliseconds(10))
    var random = SplitMix64(seed: 1)
    guard
      case .resend(let wait, .retry) = policy.verdict(on: .answer(500), isWrite: false, random: &random)
    else {
      Issue.record("a read is repeated")
      return
    }
    #expect(wait <= .milliseconds(10))
  }

  @Test func mixedTroubleEndsAfterEightResends() {
    var policy = ResendPolicy(park: .seconds(30))
    var random = SplitMix64(seed: 3)
    let trouble: [Finding] = [
      .answer(429, retryAfter: .seconds(1)), .answer(401), .failure(.connect, left: false), .answer(500),
    ]
    var sent = 0
    for round in 0..<100 {
      switch policy.verdict(on: trouble[round % 4], isWrite: false, random: &random) {
      case .resend, .refresh: sent += 1
      case .settle, .tooLong, .unreachable: break
      }
    }
    #expect(sent == 8)
    // What could not be sent is no failure, however many re-sends went before.
    let last = policy.verdict(on: .failure(.connect, left: false), isWrite: true, random: &random)
    #expect(kind(last) == .unreachable)
  }

  @Test func certificatesThatAreNotTrustedWaitAndAreNotTriedAgainAtOnce() {
    for isWrite in [true, false] {
      #expect(course(.failure(.tls, left: false), isWrite: isWrite) == [.unreachable])
    }
  }

  @Test func waitsForTheNetworkAreOfASecondOrTwo() {
    var random = SplitMix64(seed: 1)
    for _ in 0..<100 {
      let verdict = ResendPolicy(park: .seconds(30)).unreachable(&random)
      guard case .unreachable(let wait) = verdict else { return }
      #expect(wait >= .seconds(1) && wait <= .seconds(2))
    }
  }

  @Test func aZeroRetryAfterFallsBackToBackOff() {
    var policy = ResendPolicy(park: .seconds(30))
    var random = SplitMix64(seed: 2)
    var longest = Duration.zero
    for _ in 0..<6 {
      let verdict = policy.verdict(on: .answer(429, retryAfter: .zero), isWrite: true, random: &random)
      if case .resend(let wait, _) = verdict { longest = max(longest, wait) }
    }
    #expect(longest > .zero)
  }

  @Test func backOffDoublesToItsCapWithFullJitter() {
    #expect((0...7).map { Backoff.limiter.step($0) } == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    #expect(Backoff.limiter.step(1_000_000) == .seconds(60))
    var random = SplitMix64(seed: 11)
    let waits = (0..<2000).map { _ in Backoff.limiter.wait(2, random: &random) }
    #expect(waits.allSatisfy { $0 >= .zero && $0 <= .seconds(4) })
    #expect(waits.contains { $0 < .seconds(1) } && waits.contains { $0 > .seconds(3) })
    var again = SplitMix64(seed: 11)
    #expect(waits == (0..<2000).map { _ in Backoff.limiter.wait(2, random: &again) })
  }
}
