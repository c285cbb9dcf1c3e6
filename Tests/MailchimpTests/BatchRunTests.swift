import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct BatchRunTests {
  private static let count = 40
  private static let operations = (0..<count).map {
    #"{"id":"op\#($0)","method":"GET","path":"/lists/\#($0)"}"#
  }
  .joined(separator: ",")
  private static let input = #"{"operations":[\#(operations)]}"#
  private static let archive = "https://mailchimp-api-batch.s3.amazonaws.com/b1.tar.gz?Signature="

  private func batch(_ status: String, url: String = "") -> String {
    #"{"id":"b1","status":"\#(status)","total_operations":40,"finished_operations":7,"errored_operations":2,"#
      + #""submitted_at":"2026-01-01T00:00:00+00:00","response_body_url":"\#(url)"}"#
  }
  private func submit(_ status: String = "pending", url: String = "") -> Transcript.Exchange {
    .http("POST", "/batches", auth: "default", json: batch(status, url: url))
  }
  private func look(_ status: String, url: String = "") -> Transcript.Exchange {
    .http("GET", "/batches/b1", json: batch(status, url: url))
  }
  private func fetch(_ name: String, status: Int = 200, _ bytes: [UInt8] = ArchiveSamples.results)
    -> Transcript.Exchange
  {
    var exchange = Transcript.Exchange.http("GET", Self.archive + name, auth: "", status: status)
    exchange.answer.body = .bytes(bytes, contentType: "application/x-gzip")
    return exchange
  }
  private func run(_ transcript: [Transcript.Exchange], isLater: Bool = false, input: String = input) throws
    -> ConnectorRun
  {
    try CampaignTranscripts.test(isLater: isLater).run("batch.run", input: input, Transcript(transcript))
  }

  @Test func resultsStandBesideTheirOperations() throws {
    let run = try run([
      submit().checking { request in
        let operations = request.bodyJSON["operations"]?.elements ?? []
        #expect(operations.first?["operation_id"] == "pb-cd75315a553e-0")
        #expect(operations.count == Self.count)
      }, look("preprocessing"), look("started"), look("finished", url: Self.archive + "x"), fetch("x"),
    ])
    let output: JSONValue = try run.output()
    #expect(output["batchId"] == "b1" && output["reconciled"] == false && output["errored"] == 2)
    let results = output["results"]?.elements ?? []
    #expect(results.compactMap { $0["id"]?.text } == (0..<Self.count).map { "op\($0)" })
    #expect(results[1]["response"]?["status"] == "subscribed")
    #expect(
      results[3]["error"]?["code"] == "not_found" && results[3]["error"]?["title"] == "Resource Not Found")
    // 2 + 3 + 4.5 s.
    #expect(run.endTime - CampaignTranscripts.test().startTime == 9_500_000_000)
  }

  @Test func expiredURLIsMintedAnew() throws {
    let run = try run([
      submit("finished", url: Self.archive + "x"), fetch("x", status: 403, Array("<Error/>".utf8)),
      look("finished", url: Self.archive + "y"), fetch("y"),
    ])
    let output: JSONValue = try run.output()
    #expect(output["results"]?.elements?.count == Self.count)
  }

  @Test func URLThatIsRefusedTwiceStandsInNoMessage() throws {
    let error = try #require(
      try run([
        submit("finished", url: Self.archive + "x"), fetch("x", status: 403),
        look("finished", url: Self.archive + "y"), fetch("y", status: 403),
      ]).error)
    #expect(error.code == .upstream && error.retry == .safe)
    #expect(!error.message.contains("Signature") && error.message.hasSuffix("; the batch is b1"))
  }

  @Test func unknownSubmissionIsNotRepeated() throws {
    let error = try #require(try run([.cut("POST", "/batches")]).error)
    #expect(error.code == .unknownOutcome && error.retry == .unknownOutcome)
  }

  private func listing(_ batches: String) -> Transcript.Exchange {
    .http("GET", "/batches?count=1000", json: #"{"batches":[\#(batches)],"total_items":1}"#)
  }

  @Test func laterAttemptKnowsItsBatchByTheResults() throws {
    let run = try run(
      [listing(batch("started")), look("finished", url: Self.archive + "x"), fetch("x"), fetch("x")],
      isLater: true)
    let output: JSONValue = try run.output()
    #expect(output["reconciled"] == true)
    #expect(output["results"]?.elements?.count == Self.count)
  }

  @Test func laterAttemptSubmitsOnlyWhenNoBatchIsItsOwn() throws {
    let foreign = #"{"id":"b0","total_operations":3,"submitted_at":"2026-01-01T00:00:00+00:00"}"#
    let run = try run(
      [listing(foreign), listing(foreign), submit("finished", url: Self.archive + "x"), fetch("x")],
      isLater: true)
    let output: JSONValue = try run.output()
    #expect(output["reconciled"] == false)
  }

  @Test func waitEndsBeforeTheDeadlineAndTheBatchIsNamed() throws {
    let looks = (0..<20).map { _ in look("started") }
    var transcript = [submit()] + looks
    var error: OperationError?
    while error == nil, !transcript.isEmpty {
      error = try? run(transcript).error
      transcript.removeLast()
    }
    #expect(error?.code == .timeout && error?.retry == .unknownOutcome)
    #expect(error?.message.hasSuffix("the batch is b1") == true)
  }

  @Test(arguments: [
    (#"{"method":"GET","path":"/lists?count=1"}"#, "/operations/0/path"),
    (#"{"method":"GET","path":"/batches"}"#, "/operations/0/path"),
    (#"{"method":"GET","path":"/lists/../batches"}"#, "/operations/0/path"),
    (#"{"method":"TRACE","path":"/lists"}"#, "/operations/0/method"), ("", "/operations"),
  ])
  func operationThatNoBatchTakesIsRefusedBeforeAnythingIsSent(operation: String, pointer: String) throws {
    let error = try run([], input: #"{"operations":[\#(operation)]}"#).error
    #expect(error?.code == .invalidInput && error?.pointer == pointer)
  }

  @Test func missingResultIsToldAndNeverTakenForSuccess() throws {
    let more = #"{"operations":[\#(Self.operations),{"method":"GET","path":"/ping"}]}"#
    let run = try run([submit("finished", url: Self.archive + "x"), fetch("x")], input: more)
    let output: JSONValue = try run.output()
    #expect(output["results"]?.elements?.last?["error"]?["code"] == "unknown_outcome")
  }
}
