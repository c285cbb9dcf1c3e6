import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct ReportSyncTests {
  private static let tail =
    "sort_field=send_time&sort_dir=ASC&exclude_fields=_links,reports._links,reports.timeseries,reports.industry_stats,reports.list_stats"
    + "&count=1000"

  private func report(_ number: Int, opens: Int = 5) -> String {
    let time = "2025-12-30T0\(number % 10):15:00+00:00"
    return #"{"id":"c\#(number)","send_time":"\#(time)","emails_sent":10,"list_id":"a1","#
      + #""opens":{"opens_total":\#(opens),"unique_opens":4,"proxy_excluded_opens":2,"open_rate":0.4}}"#
  }
  private func page(
    _ numbers: [Int], total: Int, offset: Int = 0, since: String = "", opens: Int = 5
  ) -> Transcript.Exchange {
    .http(
      "GET", "/reports?\(since)\(Self.tail)\(offset == 0 ? "" : "&offset=\(offset)")", auth: "default",
      json: #"{"reports":[\#(numbers.map { report($0, opens: opens) }.joined(separator: ","))],"#
        + #""total_items":\#(total)}"#)
  }
  private let account = Transcript.Exchange.http(
    "GET", "/", json: #"{"account_id":"8d3a","account_name":"Freddie","total_subscribers":12}"#)
  private let lists = Transcript.Exchange.http(
    "GET", "/lists?exclude_fields=_links,lists._links&count=1000",
    json: #"{"lists":[{"id":"a1","name":"List","stats":{"member_count":12}}],"total_items":1}"#)

  private func sync(_ window: String = "{}", _ transcript: [Transcript.Exchange]) throws -> ConnectorRun {
    try ConnectorTest(Mailchimp.self).run(
      "campaign.reports", kind: .sync, input: window, Transcript(transcript))
  }
  private func ids(_ run: ConnectorRun) throws -> [String] {
    try run.records.filter { $0.stream == "record" }.map {
      try StableJSON.decode(JSONValue.self, from: $0.json)["id"]?.text ?? ""
    }
  }

  @Test func recordIsMeasuredOnceUnderAStableName() throws {
    let run = try sync("{}", [page([1], total: 1), account, lists])
    #expect(try ids(run) == ["campaign:c1", "account:8d3a", "audience:a1"])
    let record = try StableJSON.decode(JSONValue.self, from: run.records[0].json)
    #expect(record["subject"] == "c1" && record["kind"] == "post" && record["at"] == "2025-12-30T01:15:00Z")
    #expect(record["metrics"]?["sent"] == 10 && record["metrics"]?["opens"] == 5)
    #expect(record["metrics"]?["proxy_excluded_opens"] == 2)
    #expect(record["details"]?["audience"] == "a1")
    let end: JSONValue = try run.output()
    #expect(end["cursor"] == #"{"newest":"2025-12-30T01:15:00Z","offset":0}"#)
  }

  @Test func checkpointComesAfterEachPage() throws {
    let run = try sync("{}", [page([1, 2], total: 3), page([3], total: 3, offset: 2), account, lists])
    #expect(
      run.records.map(\.stream) == [
        "record", "record", "checkpoint", "record", "record", "record", "checkpoint",
      ])
    #expect(run.terminal == .completed(try #require(run.records.last).json))
  }

  /// The first page, its checkpoint, and nothing more: what a crash leaves.
  private func checkpoint() throws -> String {
    let run = try sync(
      "{}", [page([1, 2], total: 3), .http("GET", page([], total: 3, offset: 2).url, status: 500)])
    #expect(run.error?.code == .upstream && run.error?.retry == .safe)
    let checkpoint = try #require(run.records.last { $0.stream == "checkpoint" })
    return String(decoding: checkpoint.json, as: UTF8.self)
  }

  @Test func interruptedRunGoesOnAfterItsCheckpoint() throws {
    let run = try sync(try checkpoint(), [page([3], total: 3, offset: 2), account, lists])
    #expect(try ids(run).first == "campaign:c3")
  }

  @Test func reportThatGoesAwayBetweenPagesMovesNoneOutOfSight() throws {
    // c1 is deleted, so that c3 stands where c2 stood.
    let run = try sync(
      try checkpoint(), [page([], total: 2, offset: 2), page([3], total: 2, offset: 1), account, lists])
    #expect(try ids(run).first == "campaign:c3")
  }

  @Test func reportThatComesInBetweenPagesIsThereOnce() throws {
    // c0 is put before the others, so that c2 is shown again.
    let run = try sync("{}", [page([1, 2], total: 3), page([2, 3], total: 4, offset: 2), account, lists])
    #expect(
      try ids(run).filter { $0.hasPrefix("campaign") } == ["campaign:c1", "campaign:c2", "campaign:c3"])
  }

  @Test func nextRunLooksBackAWeekAndSendsChangesAgain() throws {
    let since = "since_send_time=2025-12-23T01:14:59Z&"
    let run = try sync(
      #"{"cursor":"{\"newest\":\"2025-12-30T01:15:00Z\",\"offset\":0}","since":"2025-12-31T00:00:00Z"}"#,
      [page([1], total: 1, since: since, opens: 9), account, lists])
    let record = try StableJSON.decode(JSONValue.self, from: run.records[0].json)
    #expect(record["id"] == "campaign:c1" && record["metrics"]?["opens"] == 9)
  }

  @Test func windowBoundsTheFirstRun() throws {
    let bounds = "since_send_time=2025-11-30T23:59:59Z&before_send_time=2025-12-31T00:00:00Z&"
    let run = try sync(
      #"{"since":"2025-12-01T00:00:00Z","until":"2025-12-31T00:00:00Z"}"#,
      [page([], total: 0, since: bounds), account, lists])
    #expect(run.error == nil)
  }

  @Test(arguments: [
    (#"{"cursor":"7"}"#, "/cursor"), (#"{"since":"today"}"#, "/since"), (#"{"until":"today"}"#, "/until"),
  ])
  func windowThatIsNoneIsRefused(window: String, pointer: String) throws {
    let error = try sync(window, []).error
    #expect(error?.code == .invalidInput && error?.pointer == pointer)
  }

  @Test func runGoesThroughAllPagesThereAre() throws {
    let pages = (0..<20).map { page([$0], total: 20, offset: $0) }
    let run = try sync("{}", pages + [account, lists])
    #expect(run.records.count { $0.stream == "checkpoint" } == 20)
    #expect(try ids(run).count == 22)
  }

  @Test func listThatNeverEndsIsLeft() throws {
    let pages = (0..<1_000).map { page([$0], total: 5_000, offset: $0) }
    let error = try #require(try sync("{}", pages).error)
    #expect(error.code == .upstream && error.retry == .safe)
  }
}
