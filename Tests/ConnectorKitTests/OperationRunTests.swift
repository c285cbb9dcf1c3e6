import ConnectorKit
import ConnectorTesting
import Testing

@Suite struct OperationRunTests {
  private func text(_ path: String, _ text: String, delay: Duration = .zero) -> Transcript.Exchange {
    .http("GET", path, json: #"{"text":"\#(text)"}"#, delay: delay)
  }

  private func output(
    _ action: String, _ transcript: Transcript, delivery: ConnectorTest.Delivery = .together
  ) throws -> String {
    var test = ConnectorTest(Sketch.self)
    test.delivery = delivery
    return try test.run(action, transcript).output(Sketch.Text.self).text
  }

  @Test(arguments: ConnectorTest.Delivery.allCases)
  func asyncLetFansOutInOneTurn(delivery: ConnectorTest.Delivery) throws {
    #expect(try output("asyncLet", [text("/one", "a"), text("/two", "b")], delivery: delivery) == "ab")
  }

  @Test(arguments: ConnectorTest.Delivery.allCases)
  func taskGroupGivesTheSameInAnyOrder(delivery: ConnectorTest.Delivery) throws {
    let transcript: Transcript = [text("/one", "a"), text("/two", "b"), text("/three", "c")]
    #expect(try output("group", transcript, delivery: delivery) == "abc")
  }

  @Test func actorsAndYieldStayOnTheOperation() throws {
    #expect(try output("actor", [text("/one", "four")]) == "4")
  }

  @Test func asyncStreamStaysOnTheOperation() throws {
    #expect(try output("stream", [text("/one", "drop")]) == "drop")
  }

  @Test func loserOfARaceIsGivenUp() throws {
    #expect(try output("race", [text("/slow", "late", delay: .seconds(60))]) == "timeout")
    #expect(try output("race", [text("/slow", "first", delay: .milliseconds(10))]) == "first")
  }

  @Test(arguments: [
    ("task", "T-3", "Task {}"), ("quickDetached", "T-3", "Task.detached"),
    ("taskSleep", "S-1", "context.sleep"),
    ("stall", "S-1", "continuation"), ("detachedUse", "T-3", "Task.detached"),
  ])
  func foreignWorkIsCaughtAndNamed(action: String, rule: String, cause: String) throws {
    let error = try #require(try runToError(action))
    #expect(error.code == .protocol)
    #expect(error.message.hasPrefix(rule))
    #expect(error.message.contains(cause))
  }

  private func runToError(_ action: String) throws -> OperationError? {
    let exchanges: Transcript = action == "quickDetached" ? [text("/one", "x")] : []
    return try ConnectorTest(Sketch.self).run(action, exchanges).error
  }

  @Test func timeChanceAndIdsComeFromTheStart() throws {
    let first = try output("chance", [])
    #expect(try output("chance", []) == first)
    var other = ConnectorTest(Sketch.self)
    other.seed = 2
    #expect(try other.run("chance").output(Sketch.Text.self).text != first)
    #expect(first.hasSuffix("1767225600.0"))
    #expect(first.split(separator: "-")[2].hasPrefix("4"))
  }

  @Test func stateKeepsVersions() throws {
    #expect(try output("state", []) == "conflict [3]")
  }

  @Test func cancelledOperationUnwindsAndCleansUp() throws {
    var test = ConnectorTest(Sketch.self)
    test.cancelBeforeTurn = 1
    let run = try test.run("cleanUp", [text("/slow", "x"), .http("DELETE", "/session", status: 204)])
    #expect(run.error?.code == .cancelled)
    guard case .http(let last)? = run.effects.last else {
      Issue.record("the clean-up must have been asked for")
      return
    }
    #expect(last.method == "DELETE")
  }

  @Test func cancelledOperationWithoutCleanUpEndsAtOnce() throws {
    var test = ConnectorTest(Sketch.self)
    test.cancelBeforeTurn = 1
    #expect(try test.run("get", [text("/one", "x")]).error?.code == .cancelled)
  }

  @Test func inputErrorsPointIntoTheInput() throws {
    let missing = try #require(try ConnectorTest(Sketch.self).run("echo", input: "{}").error)
    #expect(missing.code == .invalidInput)
    #expect(missing.message.contains("lacks \"text\""))
    let wrong = try #require(try ConnectorTest(Sketch.self).run("echo", input: #"{"text":5}"#).error)
    #expect(wrong.pointer == "/text")
    #expect(wrong.message == "the input at /text is not a string")
    #expect(try ConnectorTest(Sketch.self).run("echo", input: "{").error?.code == .invalidInput)
  }

  @Test func platformErrorsKeepCodeStatusAndNoQuery() throws {
    let run = try ConnectorTest(Sketch.self).run(
      "get", [.http("GET", "/one", status: 429, json: "{}", platformCode: "Too Many Requests")])
    #expect(run.error?.code == .rateLimited)
    #expect(run.error?.platformCode == "Too Many Requests")
    #expect(run.error?.httpStatus == 429)
  }

  @Test func unexpectedErrorShowsItsTypeOnly() throws {
    let error = try #require(try ConnectorTest(Sketch.self).run("surprise").error)
    #expect(error.code == .internal)
    #expect(error.message.contains("Surprise"))
    #expect(!error.message.contains("hunter2"))
  }

  @Test func answerThatIsNotWhatWasExpectedIsThePlatformsFault() throws {
    let run = try ConnectorTest(Sketch.self).run("get", [.http("GET", "/one", json: #"{"text":[]}"#)])
    #expect(run.error?.code == .upstream)
    #expect(run.error?.message.contains("/text") == true)
  }

  @Test func otherKindsOfOperationsRunToo() throws {
    let sync = try ConnectorTest(Sketch.self).run("rows", kind: .sync, input: #"{"cursor":"1"}"#)
    #expect(sync.records.map(\.stream) == ["record", "checkpoint"])
    #expect(try sync.output(SyncEnd.self).cursor == "12")
    var test = ConnectorTest(Sketch.self)
    test.attributes = [HeaderField("header.x-id", "7")]
    let webhook = try test.run("events", kind: .webhook, input: "a=b")
    #expect(try webhook.output(WebhookAnswer.self).events == [.string("7"), .integer(3)])
    let health = try ConnectorTest(Sketch.self).run("", kind: .health, [text("/ping", "pong")])
    #expect(try health.output(HealthReport.self).status == .ok)
  }

  @Test func transcriptThatDoesNotFitSaysWhere() throws {
    #expect(throws: TranscriptMismatch.self) { try ConnectorTest(Sketch.self).run("get") }
    #expect(throws: TranscriptMismatch.self) {
      try ConnectorTest(Sketch.self).run("get", [self.text("/other", "x")])
    }
    #expect(throws: TranscriptMismatch.self) {
      try ConnectorTest(Sketch.self).run("get", [self.text("/one", "x"), self.text("/two", "y")])
    }
  }
}
