import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpWebhookTests {
  var api = MailchimpBench()
  let hooks = "/lists/\(MailchimpBench.listID)/webhooks"
  let members = "/lists/\(MailchimpBench.listID)/members"

  private mutating func register(
    _ events: JSONValue, sources: JSONValue = ["user": true, "admin": true, "api": true]
  ) -> BenchAnswer {
    api.post(hooks, ["url": "http://127.0.0.1:9/hook", "events": events, "sources": sources])
  }

  /// The forms that are due, each acknowledged.
  private mutating func deliveries() -> [[String: String]] {
    let calls = api.platform.calls(at: api.now, realTime: api.now)
    for call in calls { api.platform.close(call: call.id, status: 200, at: api.now) }
    return calls.map { call in
      let fields = FormText.decode(String(decoding: call.body, as: UTF8.self))
      return Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    }
  }

  @Test mutating func secretIsShownOnce() {
    let made = register(["subscribe": true])
    #expect(made["signing_secret"]?.text?.isEmpty == false)
    #expect(made["signing_enabled"] == true)
    let id = made["id"]?.text ?? ""
    #expect(api.get(hooks + "/" + id)["signing_secret"] == "")
    #expect(api.get(hooks)["webhooks"]?.elements?.first?["signing_secret"] == "")
    #expect(api.patch(hooks + "/" + id, ["events": ["profile": true]])["signing_secret"] == "")
    #expect(!String(decoding: api.platform.snapshot(at: api.now).bytes, as: UTF8.self).contains("signing"))
  }

  @Test(arguments: [nil, 301, 404, 500])
  mutating func urlMustAnswerAGetWithSuccess(status: Int?) {
    api.probeStatus = status
    #expect(register(["subscribe": true]).fields == ["url"])
    #expect(api.post("/batch-webhooks", ["url": "http://127.0.0.1:9/"]).fields == ["url"])
    #expect(api.get(hooks)["total_items"] == 0)
  }

  @Test mutating func urlBeyondThisMachineIsRefused() {
    #expect(api.post(hooks, ["url": "https://example.com/hook"]).fields == ["url"])
    #expect(api.post(hooks, ["events": ["subscribe": true]]).status == 400)
  }

  @Test mutating func onlyAWebhooksURLIsTriedAndOnlyForSomebodyWhoMayAsk() {
    func request(_ method: String, _ path: String, key: String = "sandbox-us19") -> SandboxRequest {
      SandboxRequest(
        method: method, host: "us19.api.mailchimp.com", path: "/3.0" + path,
        headers: [NamedText("Authorization", "Bearer \(key)")],
        body: Array(#"{"url":"http://127.0.0.1:9/hook"}"#.utf8))
    }
    let url = LoopbackURL("http://127.0.0.1:9/hook")
    #expect(api.platform.probe(before: request("POST", hooks)) == url)
    #expect(api.platform.probe(before: request("PATCH", "/batch-webhooks/a")) == url)
    #expect(api.platform.probe(before: request("POST", hooks, key: "wrong")) == nil)
    #expect(api.platform.probe(before: request("GET", hooks)) == nil)
    #expect(api.platform.probe(before: request("POST", "/campaigns")) == nil)
  }

  @Test mutating func onlyWhatIsAskedForIsTold() {
    _ = register(["unsubscribe": true])
    _ = api.post(members, ["email_address": "a@patchbay.example", "status": "subscribed"])
    #expect(deliveries().isEmpty)
    _ = api.patch(members + "/a@patchbay.example", ["status": "unsubscribed"])
    let told = deliveries()
    #expect(told.count == 1)
    #expect(told.first?["type"] == "unsubscribe")
    #expect(told.first?["fired_at"] == "2026-11-23 10:07:00")
    #expect(told.first?["data[list_id]"] == MailchimpBench.listID)
  }

  @Test mutating func ownChangesAreNotEchoedWhereTheSourceIsOff() {
    _ = register(["subscribe": true, "unsubscribe": true], sources: ["user": true])
    _ = api.post(members, ["email_address": "unsubscribe@patchbay.example", "status": "subscribed"])
    #expect(deliveries().isEmpty)
    let id = api.campaign()
    _ = api.post("/campaigns/\(id)/actions/send")
    api.advance(seconds: 700)
    let told = deliveries()
    #expect(told.map { $0["data[campaign_id]"] } == [id])
    #expect(told.first?["data[action]"] == "unsub")
  }

  @Test mutating func pendingMemberIsNotToldAsSubscribed() {
    _ = register(["subscribe": true])
    _ = api.post(members, ["email_address": "a@patchbay.example", "status": "pending"])
    #expect(deliveries().isEmpty)
    _ = api.patch(members + "/a@patchbay.example", ["status": "subscribed"])
    #expect(deliveries().map { $0["type"] } == ["subscribe"])
  }

  @Test mutating func changeThatChangesNothingIsNotTold() {
    _ = register(["profile": true])
    _ = api.patch(members + "/ada@patchbay.example", ["merge_fields": ["FNAME": "Ada"]])
    #expect(deliveries().isEmpty)
    _ = api.patch(members + "/ada@patchbay.example", ["merge_fields": ["FNAME": "Augusta"]])
    #expect(deliveries().map { $0["data[merges][FNAME]"] } == ["Augusta"])
  }

  @Test mutating func goneDisablesTheWebhookAndWhatWaitsForIt() {
    _ = register(["subscribe": true])
    for number in 0..<3 {
      _ = api.post(
        members, ["email_address": .string("g\(number)@patchbay.example"), "status": "subscribed"])
    }
    let calls = api.platform.calls(at: api.now, realTime: api.now)
    #expect(calls.count == 3)
    api.platform.close(call: calls[0].id, status: 410, at: api.now)
    api.platform.close(call: calls[1].id, status: 500, at: api.now)
    api.advance(seconds: 7200)
    #expect(deliveries().isEmpty)
    _ = api.post(members, ["email_address": "later@patchbay.example", "status": "subscribed"])
    #expect(deliveries().isEmpty)
  }

  @Test mutating func signatureIsForTheRealTime() {
    let secret = register(["subscribe": true])["signing_secret"]?.text ?? ""
    _ = api.post(members, ["email_address": "a@patchbay.example", "status": "subscribed"])
    let real = SandboxInstant(milliseconds: 5_000_000)
    let call = api.platform.calls(at: api.now, realTime: real).first
    let header = call?.headers.first { $0.name == "X-Mailchimp-Signature" }?.value
    #expect(header == ListWebhook.signature(of: call?.body ?? [], secret: secret, at: real))
    #expect(header?.hasPrefix("t=5000,v1=") == true)
  }
}
