import ConnectorModel
import Ports
import Synchronization
import Testing

@testable import Egress
@testable import Manifest

/// The whole way of an effect, with nothing but the wire scripted.
@Suite struct EgressTests {
  @Test func anAnswerIsDeliveredWithItsCost() async throws {
    let stage = Stage([.answer(200, [HeaderField("content-type", "application/json")], #"{"a":1}"#)])
    let performed = await stage.perform(Stage.post())
    #expect(performed.answer.outcome == .ok)
    #expect(performed.answer.body == .json(Array(#"{"a":1}"#.utf8)))
    #expect(performed.requests == 1)
    #expect(performed.waits == [])
    #expect(performed.performedWrite)
    #expect(performed.network == .milliseconds(5))
    let sent = try #require(stage.transport.sent.first)
    #expect(sent.url == "https://api.example.com/3.0/x")
    #expect(sent.isWrite)
    #expect(sent.headers["authorization"] == "Bearer canary-token-1")
    #expect(sent.headers["content-type"] == "application/json")
    #expect(sent.headers["user-agent"] == "patchbay (sample/1.2.3)")
    #expect(sent.timeout == .seconds(30))
  }

  @Test func refusedRequestsNeverReachTheWire() async {
    let stage = Stage([])
    for request in [
      Stage.get("https://evil.example/"), Stage.get("/../x"), Stage.get(auth: "other"),
      Stage.get(auth: "other:pbh_x"),
      HTTPRequest(method: "PATCH", url: "/x", endpoint: "api"),
      HTTPRequest(method: "GET", url: "/x", endpoint: "api", headers: [HeaderField("Host", "evil.example")]),
      HTTPRequest(method: "GET", url: "/x", endpoint: "api", headers: [HeaderField("X", "a\r\nHost: b")]),
      HTTPRequest(method: "GET", url: "/x", endpoint: "api", body: .json([])),
      HTTPRequest(method: "POST", url: "/x", endpoint: "api", idempotencyKey: "a\nb"),
    ] {
      let performed = await stage.perform(request)
      #expect(performed.answer.outcome != .ok)
      #expect(performed.requests == 0)
      #expect(!performed.performedWrite)
      #expect(!performed.answer.message.isEmpty)
    }
    #expect(stage.transport.sent.isEmpty)
  }

  @Test func anEndpointWithoutAnonymousAccessNeedsAProfile() async {
    let stage = Stage([], manifest: .sample(endpoints: ["api": .sample(allowsAnonymous: false)]))
    let performed = await stage.perform(Stage.get(auth: ""))
    #expect(performed.answer.outcome == .permission)
    #expect(performed.answer.message.contains("default"))
  }

  @Test func missingTokensAreUnauthenticated() async {
    let stage = Stage([], tokens: StubTokens(failure: TokenFailure("no key is stored; connect the account")))
    let performed = await stage.perform(Stage.get())
    #expect(performed.answer.outcome == .unauthenticated)
    #expect(performed.answer.message == "no key is stored; connect the account")
    #expect(stage.transport.sent.isEmpty)
  }

  @Test func twoLimitsThenSuccessReportTheirWaits() async {
    let limited = ScriptedTransport.Line.answer(429, [HeaderField("retry-after", "3")])
    let stage = Stage([limited, limited, .answer(200)])
    let performed = await stage.perform(Stage.post(), skippingWaits: 2)
    #expect(performed.answer.outcome == .ok)
    #expect(performed.requests == 3)
    let wait = Wait(reason: "rate_limited", duration: .seconds(3))
    #expect(performed.waits == [wait, wait])
    #expect(performed.performedWrite)
  }

  @Test func limitsWithoutRetryAfterBackOff() async {
    let stage = Stage([.answer(429), .answer(429), .answer(204)], seed: 5)
    let performed = await stage.perform(Stage.get(), skippingWaits: 2)
    #expect(performed.answer.outcome == .ok)
    #expect(performed.waits.map(\.reason) == ["rate_limited", "rate_limited"])
    #expect(performed.waits.allSatisfy { $0.duration <= .seconds(2) })
  }

  @Test func aLimitThatLastsTooLongEndsRateLimitedAndBurnsNothing() async {
    let stage = Stage([.answer(429, [HeaderField("retry-after", "31")])])
    let performed = await stage.perform(Stage.post())
    #expect(performed.answer.outcome == .rateLimited)
    #expect(performed.answer.retryAfter == .seconds(31))
    #expect(performed.askedToWait == .seconds(31))
    #expect(performed.answer.status == 429)
    #expect(!performed.performedWrite)
    #expect(performed.waits == [])
  }

  @Test func anUnavailableServiceWithRetryAfterIsAskedAgain() async {
    let stage = Stage([.answer(503, [HeaderField("retry-after", "2")]), .answer(200)])
    let performed = await stage.perform(Stage.post(), skippingWaits: 1)
    #expect(performed.answer.outcome == .ok)
    #expect(performed.waits == [Wait(reason: "unavailable", duration: .seconds(2))])
  }

  @Test func waitsDoNotCountTowardTheDeadline() async {
    var stage = Stage([.answer(429, [HeaderField("retry-after", "20")]), .answer(200)])
    stage.scope.deadline = stage.clock.unixNanoseconds + 10 * 1_000_000_000
    let performed = await stage.perform(Stage.get(), skippingWaits: 1)
    #expect(performed.answer.outcome == .ok)
    #expect(stage.transport.sent.map(\.timeout) == [.seconds(10), .seconds(10)])
  }

  @Test func nothingIsSentAfterTheDeadline() async {
    var stage = Stage([])
    stage.scope.deadline = stage.clock.unixNanoseconds
    let performed = await stage.perform(Stage.post())
    #expect(performed.answer.outcome == .timeout)
    #expect(performed.requests == 0)
  }

  @Test func theShortestTimeoutAndTheSmallestCapWin() async {
    let stage = Stage([.answer(200), .answer(200)])
    var request = Stage.get()
    request.timeout = .seconds(3)
    request.maximumResponse = 100
    _ = await stage.perform(request)
    request.timeout = .seconds(300)
    request.maximumResponse = .max
    _ = await stage.perform(request)
    #expect(stage.transport.sent.map(\.timeout) == [.seconds(3), .seconds(30)])
    #expect(stage.transport.sent.map(\.maximumResponse) == [100, 8 * 1024 * 1024])
  }

  @Test func aRejectedTokenIsRefreshedOnce() async {
    let stage = Stage([.answer(401), .answer(200)], tokens: StubTokens(refreshes: 2))
    let performed = await stage.perform(Stage.post())
    #expect(performed.answer.outcome == .ok)
    #expect(
      stage.transport.sent.map { $0.headers["authorization"] } == [
        "Bearer canary-token-1", "Bearer canary-token-2",
      ])
    let twice = Stage([.answer(401), .answer(401)], tokens: StubTokens(refreshes: 2))
    let rejected = await twice.perform(Stage.post())
    #expect(rejected.answer.outcome == .unauthenticated)
    #expect(rejected.requests == 2)
    #expect(!rejected.performedWrite)
  }

  @Test func aRejectedTokenThatCannotBeRefreshedIsDelivered() async {
    let stage = Stage([.answer(401, [], #"{"detail":"API key invalid","code":"x1"}"#)])
    let performed = await stage.perform(Stage.get())
    #expect(performed.answer.outcome == .unauthenticated)
    #expect(performed.answer.message == "Sample answered 401: API key invalid")
    #expect(performed.answer.platformCode == "x1")
    #expect(performed.requests == 1)
  }

  @Test(arguments: [
    ScriptedTransport.Line.failure(.reset, left: true), .failure(.timeout, left: true),
    .failure(.truncated, left: true), .failure(.tooLarge, left: true), .answer(500), .answer(502),
    .answer(503),
  ])
  func aWriteThatMayHaveBeenDoneIsSentOnceAndUnknown(_ end: ScriptedTransport.Line) async {
    let stage = Stage([end, .answer(200)])
    let performed = await stage.perform(Stage.post())
    #expect(performed.answer.outcome == .unknownOutcome)
    #expect(performed.performedWrite)
    #expect(stage.transport.sent.count == 1)
  }

  @Test(arguments: [
    ScriptedTransport.Line.failure(.reset, left: true), .failure(.timeout, left: true), .answer(500),
  ])
  func readsAndIdempotentWritesAreRepeated(_ end: ScriptedTransport.Line) async {
    let manifest = Manifest.sample(endpoints: [
      "api": .sample(idempotent: [.init(method: "PUT", segments: ["x"])])
    ])
    for method in ["GET", "PUT"] {
      let stage = Stage([end, end, .answer(200)], manifest: manifest)
      let performed = await stage.perform(
        HTTPRequest(method: method, url: "/x", endpoint: "api"), skippingWaits: 2)
      #expect(performed.answer.outcome == .ok)
      #expect(performed.requests == 3)
      #expect(!performed.performedWrite)
    }
  }

  @Test func whatNeverLeftIsSentAgainThenEndsAsNetwork() async {
    let line = ScriptedTransport.Line.failure(.connect, left: false)
    let stage = Stage([line, .answer(200)])
    #expect(await stage.perform(Stage.post(), skippingWaits: 1).answer.outcome == .ok)
    let dead = Stage([line, line, line, line, .answer(200)])
    let performed = await dead.perform(Stage.post(), skippingWaits: 3)
    #expect(performed.answer.outcome == .network)
    #expect(performed.requests == 0)
    #expect(!performed.performedWrite)
    #expect(performed.waitCause == .network)
    #expect(performed.askedToWait.map { $0 >= .seconds(1) } == true)
    #expect(performed.waits.map(\.reason) == ["network", "network", "network"])
  }

  @Test func aTryThatWouldMeetTheDeadlineIsNotBegunAndEndsAsNetwork() async {
    let clock = VirtualClock()
    let transport = SilentNetwork(clock: clock, after: .seconds(15))
    let egress = Egress(
      manifest: .sample(), tokens: StubTokens(), transport: transport, clock: clock, seed: 1)
    let scope = OperationScope(
      operation: "op", connection: Connection(id: "con_1"),
      deadline: clock.unixNanoseconds + 29 * 1_000_000_000)
    let performed = await withCheckedContinuation { waiter in
      _ = egress.perform(Stage.post(), for: scope) { waiter.resume(returning: $0) }
    }
    #expect(performed.answer.outcome == .network)
    #expect(performed.waitCause == .network && performed.askedToWait != nil)
    #expect(clock.unixNanoseconds < scope.deadline)
  }

  @Test func rawRequestsGetTheStatusAsItCame() async {
    let stage = Stage([.answer(404, [], "gone")])
    var request = Stage.get()
    request.options = .raw
    let performed = await stage.perform(request)
    #expect(performed.answer.outcome == .ok)
    #expect(performed.answer.status == 404)
    #expect(performed.answer.message == "")
  }

  @Test func cancellingAWriteOnTheWireIsUnknownAndAReadIsCancelled() async {
    for (request, expected) in [(Stage.post(), OutcomeCode.unknownOutcome), (Stage.get(), .cancelled)] {
      let stage = Stage([.hang])
      async let performed = withCheckedContinuation { waiter in
        let cancellation = stage.egress.perform(request, for: stage.scope) { waiter.resume(returning: $0) }
        Task {
          await stage.transport.waitForHang()
          cancellation.cancel()
        }
      }
      #expect(await performed.answer.outcome == expected)
    }
  }

  @Test func whatIsCancelledInTimeIsNeverSent() async {
    let stage = Stage([])
    let exchange = Exchange(Stage.post(), over: stage.egress, for: stage.scope)
    let task = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return await exchange.run()
    }
    let performed = await task.value
    #expect(performed.answer.outcome == .cancelled)
    #expect(performed.requests == 0)
    #expect(stage.transport.sent.isEmpty)
  }

  @Test func manifestSaysWhatIsAWrite() {
    let endpoint = Manifest.Endpoint.sample(
      idempotent: [.init(method: "PUT", segments: ["same"])],
      reads: [.init(method: "POST", segments: ["search"])])
    let stage = Stage([], manifest: .sample(endpoints: ["api": endpoint]))
    func isWrite(_ method: String, _ url: String) -> Bool {
      stage.egress.isWrite(
        HTTPRequest(method: method, url: url, endpoint: "api"), of: stage.scope.connection)
    }
    #expect(isWrite("POST", "/x"))
    #expect(!isWrite("POST", "/search") && !isWrite("PUT", "/same") && !isWrite("GET", "/x"))
    // Never sent.
    #expect(!isWrite("POST", "https://evil.example/"))
  }

  @Test func waitsAreToldWhenTheyBeginAndEnd() async {
    let told = Mutex<[Bool]>([])
    var stage = Stage([.answer(429, [HeaderField("retry-after", "3")]), .answer(200)])
    stage.scope.waits = { isWaiting in told.withLock { $0.append(isWaiting) } }
    _ = await stage.perform(Stage.get(), skippingWaits: 1)
    // At the gate, for the limit, and at the gate again.
    #expect(told.withLock { $0 } == [true, false, true, false, true, false])
  }

  @Test func cancellingAWaitEndsItAtOnce() async {
    let stage = Stage([.answer(429, [HeaderField("retry-after", "20")])])
    async let performed = withCheckedContinuation { waiter in
      let cancellation = stage.egress.perform(Stage.post(), for: stage.scope) { waiter.resume(returning: $0) }
      Task {
        await stage.clock.waitForTimers(1)
        cancellation.cancel()
      }
    }
    #expect(await performed.answer.outcome == .cancelled)
    #expect(await performed.performedWrite == false)
  }

  @Test func requestsBeyondTheConcurrencyWaitAndSaySo() async {
    var limits = Limits.standard
    limits.buckets = ["concurrency": .init(scope: .account, concurrent: 1, rate: nil)]
    limits.defaultBuckets = ["concurrency"]
    let stage = Stage([.hang, .answer(200)], manifest: .sample(limits: limits))
    let first = Task { await stage.perform(Stage.get()) }
    await stage.transport.waitForHang()
    let second = Task { await stage.perform(Stage.get()) }
    await stage.clock.waitForTimers(1)
    #expect(stage.transport.sent.count == 1)
    stage.clock.advance(by: .seconds(30))
    let tooLong = await second.value
    #expect(tooLong.answer.outcome == .rateLimited)
    #expect(tooLong.askedToWait == .seconds(30))
    #expect(tooLong.waits == [Wait(reason: "concurrency", duration: .seconds(30))])
    first.cancel()
  }
}
