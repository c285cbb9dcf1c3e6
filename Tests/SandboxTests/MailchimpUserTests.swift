import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpUserTests {
  var api = MailchimpBench()

  private mutating func send(_ method: String, _ path: String, _ body: JSONValue? = nil, key: String)
    -> BenchAnswer
  {
    api.send(method, path, body, authorization: "Bearer \(key)")
  }

  @Test mutating func freePlanRefusesWhatIsPaidFor() {
    let id = api.campaign()
    let key = "sandboxfree-us19"
    let time: JSONValue = ["schedule_time": "2026-12-01T10:15:00+00:00"]
    let test: JSONValue = ["test_emails": ["a@patchbay.example"], "send_type": "html"]
    for (action, body) in [("schedule", time), ("test", test), ("cancel-send", nil)] {
      let answer = send("POST", "/campaigns/\(id)/actions/\(action)", body, key: key)
      #expect(answer.status == 403, "\(action)")
      #expect(answer.title == "Authorization Failure")
    }
    #expect(send("POST", "/campaigns/\(id)/actions/send", key: key).status == 204)
  }

  @Test mutating func viewerMayLookAndNothingElse() {
    let key = "sandboxviewer-us19"
    #expect(send("GET", "/", key: key)["role"] == "viewer")
    #expect(send("GET", "/lists", key: key).status == 200)
    #expect(send("POST", "/campaigns", ["type": "regular"], key: key).title == "Forbidden")
    #expect(send("DELETE", "/lists/\(MailchimpBench.listID)", key: key).status == 403)
    // What does not exist is unknown before it is forbidden.
    #expect(send("POST", "/nothing", key: key).status == 404)
  }

  @Test mutating func disabledUserIsRefusedEverywhere() {
    #expect(send("GET", "/ping", key: "sandboxdisabled-us19").title == "User Disabled")
  }

  @Test mutating func placesAreCountedForEachUser() {
    func account(_ key: String) -> String? {
      api.platform.account(
        behind: SandboxRequest(
          method: "GET", host: "us19.api.mailchimp.com", path: "/3.0/ping",
          headers: [NamedText("Authorization", "Bearer \(key)")]))
    }
    #expect(account("sandbox-us19") != nil)
    #expect(account("sandbox-us19") != account("sandboxviewer-us19"))
  }

  @Test mutating func greaterFloodIsForbiddenWithoutABody() {
    api.requestsInFlight = 11
    let answers = (0..<90).map { _ in api.get("/ping") }
    #expect(answers.last?.status == 403)
    #expect(answers.last?.response.body == [])
    #expect(answers.last?.response.headers == [])
  }
}
