import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct AudienceTests {
  private let test = ConnectorTest(Mailchimp.self)

  private static func page(_ offset: Int, ids: some Sequence<Int>, total: Int?, count: Int = 100)
    -> Transcript.Exchange
  {
    let lists = ids.map { #"{"id":"a\#($0)","name":"List \#($0)","stats":{"member_count":\#($0)}}"# }
    return .http(
      "GET", "/lists?count=\(count)&offset=\(offset)", auth: "default",
      json: #"{"lists":[\#(lists.joined(separator: ","))]\#(total.map { ",\"total_items\":\($0)" } ?? "")}"#)
  }

  @Test func audienceIsReadWithItsDefaults() throws {
    let run = try test.run(
      "audience.read", input: #"{"audience":"a1"}"#,
      [
        .http(
          "GET", "/lists/a1", auth: "default",
          json: #"""
            {"id":"a1","web_id":5,"name":"News","double_optin":true,"stats":{"member_count":3,"unsubscribe_count":1,"open_rate":0.26},
             "campaign_defaults":{"from_name":"Ann","from_email":"ann@example.com","subject":"Hi","language":"en"}}
            """#)
      ])
    let expected = try #require(Identifier("a1"))
    #expect(
      try run.output()
        == Audience.Output(
          id: expected, name: "News", members: 3, unsubscribed: 1, defaultFromName: "Ann",
          defaultFromEmail: "ann@example.com", defaultSubject: "Hi", language: "en", doubleOptIn: true))
  }

  @Test func audienceThatIsNotThereIsTheInputsFault() throws {
    let run = try test.run(
      "audience.read", input: #"{"audience":"a1"}"#, [.http("GET", "/lists/a1", status: 404)])
    #expect(run.error?.code == .notFound)
    #expect(run.error?.pointer == "/audience")
  }

  @Test func onePageIsReadWhenACountIsGiven() throws {
    let run = try test.run(
      "audience.list", input: #"{"count":2,"offset":4}"#, [Self.page(4, ids: 1...2, total: 9, count: 2)])
    let output: AudienceList.Output = try run.output()
    #expect(output.audiences.map(\.name) == ["List 1", "List 2"])
    #expect(output.audiences.map(\.members) == [1, 2])
    #expect(output.total == 9)
  }

  @Test func allPagesAreReadWithoutACount() throws {
    let run = try test.run(
      "audience.list", [Self.page(0, ids: 1...100, total: 150), Self.page(100, ids: 101...150, total: 150)])
    let output: AudienceList.Output = try run.output()
    #expect(output.audiences.count == 150)
    #expect(output.total == 150)
  }

  @Test func emptyPageEndsTheListing() throws {
    let run = try test.run(
      "audience.list", [Self.page(0, ids: 1...3, total: nil), Self.page(3, ids: [], total: nil)])
    let output: AudienceList.Output = try run.output()
    #expect(output.audiences.count == 3 && output.total == 3)
  }

  @Test func pageThatRepeatsItselfEndsTheListing() throws {
    let run = try test.run(
      "audience.list", [Self.page(0, ids: 1...2, total: 999), Self.page(2, ids: 1...2, total: 999)])
    let output: AudienceList.Output = try run.output()
    #expect(output.audiences.count == 2)
  }

  @Test func listingWithoutEndIsGivenUp() throws {
    let pages = (0..<50).map { Self.page($0, ids: [$0], total: 9999) }
    let run = try test.run("audience.list", Transcript(pages))
    #expect(run.error?.code == .upstream)
  }

  @Test(arguments: [
    (#"{"count":0}"#, "/count"), (#"{"count":1001}"#, "/count"), (#"{"offset":-1}"#, "/offset"),
    (#"{"offset":9223372036854775807}"#, "/offset"),
  ])
  func pageThatCannotBeIsRefused(input: String, pointer: String) throws {
    let run = try test.run("audience.list", input: input)
    #expect(run.error?.code == .invalidInput)
    #expect(run.error?.pointer == pointer)
  }
}
