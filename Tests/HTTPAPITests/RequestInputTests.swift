import ConnectorModel
import Ports
import Runtime
import Testing

@testable import HTTPAPI

/// What requests may say, and what is said when they say something else.
@Suite struct RequestInputTests {
  let bench = APIBench()

  private func publish(_ body: String) async -> Answer { await bench.ask("POST", "/api/publish", body: body) }

  @Test func ordersArriveWhole() async throws {
    let answer = await publish(
      #"{"connectionId":"con_1","idempotencyKey":"k","payload":{"n":1.5},"scheduledFor":"2030-01-31T09:15:00+01:00","misfire":"ask","tenantId":"acme"}"#
    )
    #expect(answer.status == 202)
    #expect(answer.header("Location") == "/api/jobs/job_1")
    let order = try #require(bench.service.published.first)
    #expect(order.scheduledFor.map(Timestamp.text) == "2030-01-31T08:15:00.000Z")
    #expect(order.misfire == .ask)
    #expect(order.payload["n"] != nil)
  }

  @Test func repeatsAreToldApart() async {
    let body = #"{"connectionId":"con_1","idempotencyKey":"k","payload":{}}"#
    #expect(await publish(body).status == 202)
    #expect(await publish(body).status == 200)
  }

  @Test(arguments: [
    (#"{"idempotencyKey":"k","payload":{}}"#, "invalid_input", "/connectionId"),
    (#"{"connectionId":"c","payload":{}}"#, "invalid_input", "/idempotencyKey"),
    (#"{"connectionId":"c","idempotencyKey":"k"}"#, "invalid_input", "/payload"),
    (#"{"connectionId":"c","idempotencyKey":"k","payload":[]}"#, "invalid_input", "/payload"),
    (#"{"connectionId":"c","idempotencyKey":"","payload":{}}"#, "invalid_input", "/idempotencyKey"),
    (#"{"connectionId":"c","idempotencyKey":"a\u0000b","payload":{}}"#, "invalid_input", "/idempotencyKey"),
    (#"{"connectionId":"c/d","idempotencyKey":"k","payload":{}}"#, "invalid_input", "/connectionId"),
    (
      #"{"connectionId":"c","idempotencyKey":"k","payload":{},"scheduledFor":"soon"}"#, "invalid_input",
      "/scheduledFor"
    ),
    (
      #"{"connectionId":"c","idempotencyKey":"k","payload":{},"scheduledFor":null}"#, "invalid_input",
      "/scheduledFor"
    ),
    (
      #"{"connectionId":"c","idempotencyKey":"k","payload":{},"misfire":"never"}"#, "invalid_input",
      "/misfire"
    ),
    (#"{"connectionId":"c","idempotencyKey":"k","payload":{},"a/b~c":1}"#, "invalid_input", "/a~1b~0c"),
    (#"{"connectionId":"c","idempotencyKey":"k","payload":{},"tenantId":"other"}"#, "forbidden", "/tenantId"),
    ("[]", "invalid_input", ""),
  ])
  func mistakesAreNamedByTheirPlace(_ body: String, _ code: String, _ pointer: String) async {
    let answer = await publish(body)
    #expect(answer.code == code)
    #expect(answer.value["pointer"]?.text == pointer)
    #expect(bench.service.published.isEmpty)
  }

  @Test(arguments: ["", "{", "{}x", #"{"a":1,"a":2}"#, #"{"a":"\ud800"}"#, "nul", "\u{0}"])
  func textThatIsNoJSONIsRefused(_ body: String) async {
    #expect(await publish(body).code == "malformed_json")
  }

  @Test func deepNestingIsRefused() async {
    let depth = 100_000
    let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let answer = await publish(#"{"connectionId":"c","idempotencyKey":"k","payload":{"a":\#(nested)}}"#)
    #expect(answer.code == "malformed_json")
  }

  @Test func otherMediaTypesAreRefused() async {
    for contentType in [nil, "text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
      let answer = await bench.ask("POST", "/api/publish", body: "{}", contentType: contentType)
      #expect(answer.status == 415)
    }
    let answer = await bench.ask(
      "POST", "/api/publish", body: "{}", contentType: "Application/JSON ; charset=utf-8")
    #expect(answer.code == "invalid_input")
  }

  @Test func accountsNeedExactlyOneSecret() async {
    for body in [
      #"{"platform":"mailchimp"}"#, #"{"platform":"mailchimp","apiKey":"a","accessToken":"b"}"#,
      #"{"platform":"mailchimp","apiKey":"with space"}"#, #"{"platform":"mailchimp","apiKey":"a\r\nX: y"}"#,
    ] {
      #expect(await bench.ask("POST", "/api/connections", body: body).code == "invalid_input")
    }
    let body = #"{"platform":"mailchimp","accessToken":"t"}"#
    let answer = await bench.ask("POST", "/api/connections", body: body)
    #expect(answer.status == 201)
    #expect(bench.service.connected.map(\.kind) == [.token])
  }

  @Test func bodiesWhereNoneBelongsAreRefused() async {
    #expect(await bench.ask("POST", "/api/jobs/job_1/cancel", body: "{}").status == 200)
    #expect(await bench.ask("POST", "/api/jobs/job_1/cancel", body: #"{"why":"x"}"#).code == "invalid_input")
  }

  @Test func pagesAreAskedForWithinBounds() async {
    let answer = await bench.ask("GET", "/api/connections?limit=200&after=cursor-1&platform=mailchimp")
    #expect(answer.value["next"] == "cursor-2")
    #expect(bench.service.pages == [PageRequest(after: "cursor-1", limit: 200)])
    for query in [
      "limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=1&limit=2",
      "limit=99999999999999999999",
      "after=", "after=a%20b", "after=%00", "before=x", "limit=%2B5", "platform=a/b",
    ] {
      let answer = await bench.ask("GET", "/api/connections?\(query)")
      #expect(answer.status == 400, "\(query)")
      #expect(answer.code == "invalid_input")
    }
  }

  @Test func jobsAreFiltered() async {
    _ = await bench.ask("GET", "/api/jobs?state=dead&connectionId=con_1")
    #expect(bench.service.filters == [JobFilter(state: .dead, connection: "con_1")])
    #expect(await bench.ask("GET", "/api/jobs?state=lost").status == 400)
  }

  @Test func idsThatCannotBeAreNotFound() async {
    for id in ["a%20b", "%00", "%C3%A9", String(repeating: "a", count: 129), "a%2Fb"] {
      #expect(await bench.ask("GET", "/api/jobs/\(id)").code == "not_found", "\(id)")
    }
    #expect(await bench.ask("GET", "/api/jobs/\(ScriptedService.missing)").code == "not_found")
  }

  @Test func unknownRoutesAndMethodsAreSaidInTheSameForm() async {
    let unknown = await bench.ask("GET", "/api/nothing", key: nil)
    #expect(unknown.status == 404)
    #expect(unknown.mediaType == "application/problem+json")
    let method = await bench.ask("PUT", "/api/jobs", key: nil)
    #expect(method.status == 405)
    #expect(method.header("Allow") == "GET, HEAD")
    #expect(await bench.ask("GET", "/api/jobs/%ff", key: nil).code == "malformed_request")
  }

  @Test func headIsAnsweredLikeGet() async {
    #expect(await bench.ask("HEAD", "/ping", key: nil).status == 200)
  }
}
