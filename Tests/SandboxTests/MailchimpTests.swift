import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpTests {
  var api = MailchimpBench()

  @Test(arguments: [
    "Bearer sandbox-us19", "bearer sandbox-us19", "Basic dXNlcjpzYW5kYm94LXVzMTk=",
    "Basic YW55c3RyaW5nOnNhbmRib3gtdXMxOQ==",
  ])
  mutating func keyIsAcceptedAsPasswordOfAnyUserAndAsBearer(authorization: String) {
    #expect(api.send("GET", "/ping", authorization: authorization).status == 200)
  }

  @Test(arguments: ["Bearer other-us19", "Basic c2FuZGJveC11czE5Om90aGVy", "Bearer 0123456789abcdef"])
  mutating func unknownKeyIsInvalid(authorization: String) {
    let answer = api.send("GET", "/ping", authorization: authorization)
    #expect(answer.status == 401)
    #expect(answer.title == "API Key Invalid")
  }

  @Test(arguments: [nil, "Bearer", "Basic !!!", "Basic bm9jb2xvbg==", "Digest sandbox-us19"])
  mutating func missingOrUnreadableCredentialIsAMissingKey(authorization: String?) {
    #expect(api.send("GET", "/ping", authorization: authorization).title == "API Key Missing")
  }

  @Test mutating func keyCountsInItsDataCentreAndWithoutOne() {
    #expect(api.send("GET", "/ping", host: "api.mailchimp.com").status == 200)
    let other = api.send("GET", "/ping", host: "us1.api.mailchimp.com")
    #expect(other.status == 401)
    #expect(other.title == "API Key Invalid")
  }

  @Test mutating func problemsHaveTheirFormHeadersAndType() {
    let answer = api.get("/nothing/here")
    #expect(answer.status == 404)
    #expect(answer.title == "Resource Not Found")
    #expect(answer["status"] == 404)
    #expect(answer["instance"]?.text?.count == 36)
    #expect(answer.response.header("Content-Type") == "application/problem+json; charset=utf-8")
    #expect(answer.response.header("X-Request-Id")?.count == 36)
    #expect(
      answer.response.header("Link")?.hasSuffix("ProblemDetailDocument.json>; rel=\"describedBy\"") == true)
  }

  @Test mutating func successIsPlainJSONWithARequestID() {
    let answer = api.get("/ping")
    #expect(answer.json == ["health_status": "Everything's Chimpy!"])
    #expect(answer.response.header("Content-Type") == "application/json; charset=utf-8")
    #expect(answer.response.header("X-Request-Id") != nil)
  }

  @Test mutating func wrongMethodIsRefusedWithTheOnesThereAre() {
    let answer = api.delete("/lists")
    #expect(answer.status == 405)
    #expect(answer.title == "Method Not Allowed")
    #expect(answer.response.header("Allow") == "GET, POST")
  }

  @Test mutating func pathsOutsideTheVersionAreUnknown() {
    let headers = [NamedText("Authorization", "Bearer sandbox-us19")]
    #expect(api.raw("GET", "/2.0/ping", headers: headers).status == 404)
    #expect(api.raw("GET", "/", headers: headers).status == 404)
    #expect(api.raw("GET", "/3.0", headers: headers)["account_id"] != nil)
    #expect(api.raw("GET", "/3.0/", headers: headers)["account_id"] != nil)
  }

  @Test mutating func bodyThatIsNoJSONIsAParseException() {
    let answer = api.raw(
      "POST", "/3.0/campaigns", body: Array("{\"type\":".utf8),
      headers: [NamedText("Authorization", "Bearer sandbox-us19")])
    #expect(answer.status == 400)
    #expect(answer.title == "JSON Parse Exception")
  }

  @Test mutating func methodOverrideWorksWithPostAlone() {
    let override = [NamedText("X-HTTP-Method-Override", "PATCH")]
    let path = "/lists/\(MailchimpBench.listID)"
    let changed = api.send("POST", path, ["name": "Renamed"], headers: override)
    #expect(changed["name"] == "Renamed")
    #expect(api.send("GET", path, headers: override).status == 422)
  }

  @Test mutating func triggeredErrorComesWhateverTheRequest() {
    let answer = api.send("GET", "/ping", headers: [NamedText("X-Trigger-Error", "APIKeyMissing")])
    #expect(answer.status == 401)
    #expect(answer.title == "API Key Missing")
    #expect(api.send("GET", "/ping", headers: [NamedText("X-Trigger-Error", "Unheard")]).status == 200)
  }

  @Test(arguments: [
    ("BadRequest", 400), ("InvalidAction", 400), ("InvalidResource", 400), ("JSONParseException", 400),
    ("APIKeyInvalid", 401), ("Forbidden", 403), ("UserDisabled", 403), ("WrongDatacenter", 403),
    ("ResourceNotFound", 404), ("MethodNotAllowed", 405), ("ResourceNestingTooDeep", 414),
    ("InvalidMethodOverride", 422), ("RequestedFieldsInvalid", 422), ("TooManyRequests", 429),
    ("InternalServerError", 500), ("ComplianceRelated", 503),
  ])
  mutating func everyErrorOfTheGlossaryCanBeTriggered(name: String, status: Int) {
    let answer = api.send(
      "GET", "/ping", authorization: nil, headers: [NamedText("X-Trigger-Error", name)])
    #expect(answer.status == status)
    #expect(answer["status"]?.integer == Int64(status))
  }

  @Test mutating func problemIsDescribedByTheDocumentOfAllProblems() {
    let document = "https://us19.api.mailchimp.com/schema/3.0/ProblemDetailDocument.json"
    #expect(api.get("/nothing").response.header("Link") == "<\(document)>; rel=\"describedBy\"")
  }

  @Test mutating func accountHasEveryFieldOfTheRoot() {
    let root = api.get("/")
    for field in [
      "account_id", "login_id", "account_name", "email", "first_name", "last_name", "username", "avatar_url",
      "role", "member_since", "pricing_plan_type", "first_payment", "account_timezone", "account_industry",
      "contact", "pro_enabled", "last_login", "total_subscribers", "industry_stats", "_links",
    ] {
      #expect(root[field] != nil, "\(field)")
    }
    #expect(root["total_subscribers"] == 3)
  }

  @Test mutating func tenRequestsAtOnceAreServedAndTheEleventhRefused() {
    api.requestsInFlight = 10
    #expect(api.get("/ping").status == 200)
    api.requestsInFlight = 11
    let refused = api.get("/ping")
    #expect(refused.status == 429)
    #expect(refused.title == "Too Many Requests")
    #expect(refused.response.header("Retry-After") == nil)
  }

  @Test mutating func floodIsRefusedWithoutABodyUntilItEnds() {
    api.requestsInFlight = 11
    let statuses = (0..<15).map { _ in api.get("/ping") }
    #expect(statuses.allSatisfy { $0.status == 429 })
    #expect(statuses.prefix(10).allSatisfy { $0.title == "Too Many Requests" })
    #expect(statuses.dropFirst(10).allSatisfy { $0.response.body.isEmpty && $0.response.headers.isEmpty })
    api.advance(seconds: 2)
    #expect(api.get("/ping").title == "Too Many Requests")
  }

  @Test mutating func requestsWithoutAValidKeyCountForNobody() {
    let headers = [NamedText("Authorization", "Bearer sandbox-us19")]
    let request = SandboxRequest(
      method: "GET", host: "us19.api.mailchimp.com", path: "/3.0/ping", headers: headers)
    #expect(api.platform.account(behind: request) != nil)
    var stranger = request
    stranger.headers = []
    #expect(api.platform.account(behind: stranger) == nil)
  }

  @Test func equalSeedsGiveEqualAnswers() {
    func run(_ seed: UInt64) -> [SandboxResponse] {
      var api = MailchimpBench(seed: seed)
      let id = api.campaign()
      return [api.get("/campaigns/\(id)").response, api.get("/unknown").response]
    }
    #expect(run(3) == run(3))
    #expect(run(3) != run(4))
  }
}
