import ConnectorModel
import Ports
import Secrets
import Testing

@testable import Egress
@testable import Manifest

/// Limits and circuits on the whole way of an effect.
@Suite struct EgressLimitsTests {
  private func manifest(
    _ buckets: [String: Limits.Bucket], endpoints: [String: Manifest.Endpoint] = ["api": .sample()]
  ) -> Manifest {
    var limits = Limits.standard
    limits.buckets = buckets
    limits.defaultBuckets = buckets.keys.sorted()
    return .sample(endpoints: endpoints, limits: limits)
  }

  private func rate(_ count: Int, per window: Duration) -> Limits.Bucket {
    Limits.Bucket(scope: .account, rate: .init(count: count, window: window))
  }

  @Test func aRateMakesRequestsWaitAndSaysSo() async {
    let stage = Stage(
      [.answer(200), .answer(200)], manifest: manifest(["minute": rate(1, per: .seconds(20))]))
    #expect(await stage.perform(Stage.get()).waits == [])
    let second = await stage.perform(Stage.get(), skippingWaits: 1)
    #expect(second.answer.outcome == .ok)
    #expect(second.waits == [Wait(reason: "rate:minute", duration: .seconds(20))])
  }

  @Test func aDailyRateThatIsUsedUpAnswersAtOnceHowLongItLasts() async {
    let stage = Stage([.answer(200)], manifest: manifest(["daily": rate(1, per: .seconds(86_400))]))
    _ = await stage.perform(Stage.get())
    let refused = await stage.perform(Stage.post())
    #expect(refused.answer.outcome == .rateLimited)
    #expect(refused.answer.retryAfter == .seconds(86_400))
    #expect(
      refused.answer.message.contains("rate:daily") && refused.answer.message.contains("nothing was sent"))
    #expect(refused.requests == 0 && refused.waits == [] && !refused.performedWrite)
    #expect(stage.transport.sent.count == 1)
  }

  /// The platform knows nothing of a reload, whether the limits are others then or not.
  @Test(arguments: [1, 2])
  func whoReplacesAnotherKeepsItsBooks(count: Int) async {
    let former = Stage([.answer(200)], manifest: manifest(["daily": rate(1, per: .seconds(86_400))]))
    _ = await former.perform(Stage.get())
    let manifest = manifest(["daily": rate(count, per: .seconds(86_400))])
    let next = Stage([.answer(200)], manifest: manifest, replacing: former)
    for _ in 1..<count { #expect(await next.perform(Stage.get()).answer.outcome == .ok) }
    #expect(await next.perform(Stage.get()).answer.outcome == .rateLimited)
  }

  @Test func whatWasCountedBeforeThisProcessCounts() async {
    let manifest = manifest(["daily": rate(2, per: .seconds(86_400))])
    let former = Stage([.answer(200)], manifest: manifest)
    _ = await former.perform(Stage.get())
    let counted = former.egress.rateCounts(now: former.clock.unixNanoseconds)
    let next = Stage([.answer(200)], manifest: manifest, counted: counted)
    #expect(await next.perform(Stage.get()).answer.outcome == .ok)
    #expect(await next.perform(Stage.get()).answer.outcome == .rateLimited)
  }

  @Test func whatNeverLeftCountsNowhere() async {
    let stage = Stage(
      [.failure(.connect, left: false), .answer(200)],
      manifest: manifest(["daily": rate(1, per: .seconds(86_400))]))
    #expect(await stage.perform(Stage.post(), skippingWaits: 1).answer.outcome == .ok)
  }

  @Test func whereTheManifestBoundsNothingRefusalsDo() async {
    var stage = Stage(
      [.answer(429), .answer(200), .answer(200)], manifest: manifest(["minute": rate(100, per: .seconds(60))])
    )
    stage.scope.deadline = .max
    let (egress, clock) = (stage.egress, stage.clock)
    func told() -> [BucketState] {
      egress.limits(now: clock.unixNanoseconds).filter { $0.kind == .concurrency }
    }
    #expect(await stage.perform(Stage.get(), skippingWaits: 1).answer.outcome == .ok)
    #expect(told().map(\.name) == ["(undeclared)"])
    #expect(
      told().map(\.source) == [.refusals] && told().map(\.allowed) == [1] && told().map(\.limit) == [nil])
    stage.clock.advance(by: .seconds(300))
    #expect(told().isEmpty)
    #expect(await stage.perform(Stage.get()).answer.outcome == .ok)
    #expect(told().isEmpty)
  }

  /// Other buckets than that are closed, where there are any: nobody says whom a refusal is about.
  @Test(arguments: [true, false]) func aRefusalWithATimeClosesWhatIsDeclared(isDeclared: Bool) async {
    let app = Limits.Bucket(scope: .app, rate: .init(count: 100, window: .seconds(60)))
    let stage = Stage(
      [.answer(429, [HeaderField("retry-after", "60")])], manifest: manifest(isDeclared ? ["app": app] : [:]))
    #expect(await stage.perform(Stage.get()).answer.outcome == .rateLimited)
    let closed = stage.egress.limits(now: stage.clock.unixNanoseconds).filter { $0.closedUntil != nil }
    #expect(closed.map(\.name) == [isDeclared ? "app" : "(undeclared)"])
  }

  @Test func connectionsOfOneAccountShareItsBucketAndOthersDoNot() async {
    var stage = Stage(
      [.answer(200), .answer(200)], manifest: manifest(["daily": rate(1, per: .seconds(86_400))]))
    stage.scope.connection = Connection(id: "con_1", accountID: "7")
    #expect(await stage.perform(Stage.get()).answer.outcome == .ok)
    stage.scope.connection = Connection(id: "con_2", accountID: "7")
    #expect(await stage.perform(Stage.get()).answer.outcome == .rateLimited)
    stage.scope.connection = Connection(id: "con_3", accountID: "8")
    #expect(await stage.perform(Stage.get()).answer.outcome == .ok)
    let told = stage.egress.limits(now: stage.clock.unixNanoseconds)
    #expect(told.map(\.subject) == ["account:7", "account:8"])
    #expect(told.map(\.inUse) == [1, 1])
  }

  @Test func scopesSayWhoShares() async {
    let buckets = Dictionary(
      uniqueKeysWithValues: Limits.Bucket.Scope.allCases.map {
        ($0.rawValue, Limits.Bucket(scope: $0, rate: .init(count: 5, window: .seconds(60))))
      })
    var stage = Stage([.answer(200)], manifest: manifest(buckets))
    stage.scope.connection = Connection(id: "con_1", accountID: "7")
    _ = await stage.perform(Stage.get())
    let told = stage.egress.limits(now: stage.clock.unixNanoseconds)
    #expect(told.map(\.name) == ["account", "app", "endpoint"])
    #expect(told.map(\.subject) == ["account:7", "", "account:7 endpoint:api"])
  }

  @Test func anAppIsTheClientOfTheCredential() throws {
    let client = AuthProfile.OAuth2(
      authorize: "https://x.example/a", token: "https://x.example/t", clientID: "env:CLIENT",
      clientSecret: "env:SECRET")
    let profile = AuthProfile(alternatives: [
      .init(kind: .apiKey, inject: .bearer), .init(kind: .oauth2(client), inject: .bearer),
    ])
    var limits = Limits.standard
    limits.buckets = ["app": Limits.Bucket(scope: .app, concurrent: 5)]
    limits.defaultBuckets = ["app"]
    let manifest = Manifest.sample(auth: ["default": profile], limits: limits)
    let stage = Stage([], manifest: manifest)
    func subject(_ credential: Credential?) throws -> String? {
      let destination = try stage.egress.allowList.destination(of: Stage.get(), variables: [:])
      return try Draft(Stage.get(), to: destination, of: stage.egress, for: stage.scope)
        .claims(under: manifest, connection: stage.scope.connection, credential: credential).first?
        .key
        .subject
    }
    func credential(_ alternative: Int) -> Credential {
      Credential(Token(secret: .init("s"), alternative: alternative), profile: "default")
    }
    #expect(try subject(credential(0)) == "")
    #expect(try subject(credential(1)) == "env:CLIENT")
    #expect(try subject(nil) == "env:CLIENT")
  }

  @Test func headersThatCountDownStopBeforeTheRefusal() async {
    let bucket = Limits.Bucket(
      scope: .account, remaining: .init(header: "X-Left", reset: .init(header: "X-Reset", unit: .seconds)))
    let headers = [HeaderField("x-left", "0"), HeaderField("x-reset", "12")]
    let stage = Stage([.answer(200, headers), .answer(200)], manifest: manifest(["left": bucket]))
    _ = await stage.perform(Stage.get())
    let second = await stage.perform(Stage.get(), skippingWaits: 1)
    #expect(second.waits == [Wait(reason: "rate:left", duration: .seconds(12))])
  }

  @Test func usageThatIsTooHighParksUntilItFalls() async {
    let bucket = Limits.Bucket(scope: .account, usage: .init(headers: ["X-Business-Use-Case-Usage"]))
    let usage =
      #"{"1":[{"type":"pages","call_count":20},{"type":"instagram","call_count":99,"estimated_time_to_regain_access":3}]}"#
    let stage = Stage(
      [.answer(200, [HeaderField("x-business-use-case-usage", usage)])], manifest: manifest(["usage": bucket])
    )
    _ = await stage.perform(Stage.get())
    let second = await stage.perform(Stage.post())
    #expect(second.answer.outcome == .rateLimited)
    #expect(second.answer.retryAfter == .seconds(180))
    #expect(second.answer.message.contains("usage"))
  }

  @Test func aFullQuotaHoldsWritesAndNotTheReadThatTellsIt() async throws {
    let bucket = Limits.Bucket(
      scope: .account,
      quota: .init(used: try JSONPath(parsing: "$.used"), total: try JSONPath(parsing: "$.total")))
    let full = ScriptedTransport.Line.answer(200, [], #"{"used":5,"total":5}"#)
    let free = ScriptedTransport.Line.answer(200, [], #"{"used":4,"total":5}"#)
    let stage = Stage([full, free, .answer(200)], manifest: manifest(["quota": bucket]))
    _ = await stage.perform(Stage.get())
    #expect(await stage.perform(Stage.post()).answer.outcome == .rateLimited)
    #expect(await stage.perform(Stage.get()).answer.outcome == .ok)
    #expect(await stage.perform(Stage.post()).answer.outcome == .ok)
    #expect(await stage.perform(Stage.post()).answer.outcome == .rateLimited)
  }

  @Test func oneRefusalSavesTheOthersFromAsking() async {
    let bucket = Limits.Bucket(scope: .account, concurrent: 10)
    let stage = Stage(
      [.answer(429, [HeaderField("retry-after", "60")])], manifest: manifest(["concurrency": bucket]))
    #expect(await stage.perform(Stage.get()).answer.retryAfter == .seconds(60))
    let second = await stage.perform(Stage.get())
    #expect(second.answer.outcome == .rateLimited)
    #expect(second.answer.retryAfter == .seconds(60))
    #expect(second.requests == 0)
  }

  @Test func aBareRefusalThatARuleCallsALimitIsWaitedOutAlsoByWrites() async {
    var manifest = manifest(["concurrency": Limits.Bucket(scope: .account, concurrent: 8)])
    manifest.errors = [ErrorRule(status: 403, needsEmptyBody: true, then: .rateLimited)]
    let stage = Stage([.answer(403), .answer(200)], manifest: manifest)
    let performed = await stage.perform(Stage.post(), skippingWaits: 1)
    #expect(performed.answer.outcome == .ok && performed.requests == 2)
    #expect(performed.waits.map(\.reason) == ["rate_limited"])
    let told = stage.egress.limits(now: stage.clock.unixNanoseconds)
    #expect(told.map(\.allowed) == [4] && told.map(\.source) == [.refusals])

    let words = Stage([.answer(403, [], #"{"detail":"no"}"#)], manifest: manifest)
    #expect(await words.perform(Stage.post()).answer.outcome == .permission)
  }

  @Test func aHostWhereEverythingFailsIsLeftAlone() async throws {
    let lines = Array(repeating: ScriptedTransport.Line.answer(500), count: Circuit.threshold)
    let stage = Stage(lines + [.answer(200), .answer(200)])
    for _ in 0..<Circuit.threshold { _ = await stage.perform(Stage.post()) }
    let refused = await stage.perform(Stage.post())
    #expect(refused.answer.outcome == .upstream)
    #expect(refused.answer.message.contains("nothing was sent"))
    #expect(refused.requests == 0 && !refused.performedWrite)
    let pause = try #require(refused.answer.retryAfter)
    #expect(refused.askedToWait == pause && refused.waitCause == .circuit)
    #expect(stage.egress.troubledHosts.map(\.failures) == [Circuit.threshold])
    stage.clock.advance(by: pause)
    #expect(await stage.perform(Stage.post()).answer.outcome == .ok)
    #expect(await stage.perform(Stage.post()).answer.outcome == .ok)
    #expect(stage.egress.troubledHosts == [])
  }

  @Test func refusalsAndFaultsOfTheRequestLeaveTheHostOpen() async {
    let lines: [ScriptedTransport.Line] = (0..<30).map { _ in .answer(400) }
    let stage = Stage(lines + [.answer(200)])
    for _ in 0..<30 { _ = await stage.perform(Stage.post()) }
    #expect(await stage.perform(Stage.post()).answer.outcome == .ok)
  }

  @Test func bucketsThatNobodyUsesAreToldToo() {
    let stage = Stage([], manifest: manifest(["daily": rate(7, per: .seconds(86_400))]))
    #expect(
      stage.egress.limits(now: stage.clock.unixNanoseconds) == [
        BucketState(
          name: "daily", scope: .account, subject: "", kind: .rate, source: .manifest, inUse: 0, allowed: 7,
          limit: 7, window: .seconds(86_400))
      ])
  }
}
