import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct AccountTests {
  private let test = ConnectorTest(Mailchimp.self)

  static func account(role: String) -> Transcript.Exchange {
    .http(
      "GET", "/", auth: "default",
      json: #"""
        {"account_id":"8d3a","login_id":"21","account_name":"Freddie's","email":"f@example.com","role":"\#(role)",
         "pricing_plan_type":"monthly","account_timezone":"Europe/Berlin","total_subscribers":1200,"_links":[]}
        """#)
  }

  static let ping = Transcript.Exchange.http(
    "GET", "/ping", auth: "default", json: #"{"health_status":"Everything's Chimpy!"}"#)

  @Test func accountIsReadWithItsRoleAndPlan() throws {
    let run = try test.run("account.read", [Self.account(role: "owner")])
    #expect(
      try run.output()
        == Account.Output(
          accountId: "8d3a", name: "Freddie's", email: "f@example.com", role: "owner", plan: "monthly",
          timezone: "Europe/Berlin", subscribers: 1200))
  }

  @Test func pingTellsTheStatus() throws {
    #expect(try test.run("ping", [Self.ping]).output() == Ping.Output(status: "Everything's Chimpy!"))
  }

  // MARK: Health

  private func health(_ transcript: Transcript, _ delivery: ConnectorTest.Delivery = .together) throws
    -> (run: ConnectorRun, report: HealthReport)
  {
    var test = test
    test.delivery = delivery
    let run = try test.run("", kind: .health, transcript)
    return (run, try run.output())
  }

  @Test(arguments: ConnectorTest.Delivery.allCases)
  func healthAsksBothAtOnceInWhateverOrderTheAnswersCome(delivery: ConnectorTest.Delivery) throws {
    let (run, report) = try health([Self.ping, Self.account(role: "admin")], delivery)
    #expect(report.status == .ok)
    #expect(report.checks.map(\.name) == ["ping", "account"])
    #expect(run.turns == (delivery == .together ? 2 : 3))
  }

  @Test(arguments: ["viewer", "author"])
  func roleThatMayNotSendIsDegraded(role: String) throws {
    let report = try health([Self.ping, Self.account(role: role)]).report
    #expect(report.status == .degraded)
    #expect(report.checks[1].message?.contains(role) == true)
  }

  @Test func rejectedKeyFailsBothChecksAndSaysWhatToDo() throws {
    let report = try health([.http("GET", "/ping", status: 401), .http("GET", "/", status: 401)]).report
    #expect(report.status == .failing)
    #expect(report.checks.allSatisfy { $0.message?.contains("API key") == true })
  }

  @Test func busyPlatformIsDegraded() throws {
    let report = try health([Self.ping, .http("GET", "/", status: 429)]).report
    #expect(report.status == .degraded)
  }
}
