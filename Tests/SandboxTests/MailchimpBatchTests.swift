import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpBatchTests {
  var api = MailchimpBench()

  private mutating func start(_ count: Int, body: JSONValue = [:]) -> BenchAnswer {
    let operations = (0..<count).map { number -> JSONValue in
      [
        "method": "PUT", "operation_id": .string("op\(number)"),
        "path": .string("/lists/\(MailchimpBench.listID)/members/b\(number)@patchbay.example"),
        "body": .string(
          #"{"email_address": "b\#(number)@patchbay.example", "status_if_new": "subscribed"}"#),
      ]
    }
    return api.post("/batches", ["operations": .array(operations)])
  }

  private mutating func status(_ id: String) -> String? { api.get("/batches/\(id)")["status"]?.text }

  @Test mutating func batchIsNeverFinishedAtOnce() {
    let id = start(3)["id"]?.text ?? ""
    #expect(status(id) == "pending")
    api.advance(seconds: 1)
    #expect(status(id) == "preprocessing")
    api.now = api.now.advanced(byMilliseconds: 1000 + 75)
    #expect(status(id) == "started")
    #expect(api.get("/batches/\(id)")["finished_operations"] == 1)
    #expect(api.platform.lists[0].index(of: "b0@patchbay.example") != nil)
    #expect(api.platform.lists[0].index(of: "b1@patchbay.example") == nil)
    api.now = api.now.advanced(byMilliseconds: 100)
    #expect(status(id) == "finalizing")
    #expect(api.get("/batches/\(id)")["response_body_url"] == "")
    api.advance(seconds: 1)
    #expect(status(id) == "finished")
    #expect(api.get("/batches/\(id)")["completed_at"] != "")
  }

  @Test mutating func deletedBatchStopsWhereItIs() {
    let id = start(10)["id"]?.text ?? ""
    api.now = api.now.advanced(byMilliseconds: 2000 + 125)
    #expect(api.get("/batches/\(id)")["finished_operations"] == 2)
    #expect(api.delete("/batches/\(id)").status == 204)
    api.advance(seconds: 60)
    #expect(api.platform.lists[0].members.count == 6)
  }

  @Test mutating func tooManyPendingBatchesAreRefused() {
    for _ in 0..<500 { _ = start(1) }
    #expect(start(1).status == 429)
    api.advance(seconds: 10)
    #expect(start(1).status == 200)
  }

  @Test mutating func operationActsForItsUser() {
    let operations: JSONValue = [
      ["method": "POST", "path": "/campaigns", "operation_id": "a", "body": "{\"type\": \"regular\"}"],
      ["method": "GET", "path": "/ping", "operation_id": "b"],
    ]
    let refused = api.send(
      "POST", "/batches", ["operations": operations], authorization: "Bearer sandboxviewer-us19")
    #expect(refused.status == 403)
    let id = api.post("/batches", ["operations": operations])["id"]?.text ?? ""
    api.advance(seconds: 10)
    #expect(api.get("/batches/\(id)")["errored_operations"] == 0)
    #expect(api.get("/campaigns")["total_items"] == 1)
  }

  @Test(arguments: [
    #"{"operations": []}"#, #"{"operations": [{"method": "GET"}]}"#,
    #"{"operations": [{"method": "HEAD", "path": "/ping"}]}"#,
    #"{"operations": [{"method": "GET", "path": "ping"}]}"#,
    #"{"operations": [{"method": "GET", "path": "/lists?count=1"}]}"#,
    #"{"operations": [{"method": "POST", "path": "/batches"}]}"#,
    #"{"operations": [{"method": "POST", "path": "/lists", "body": {"name": "an object"}}]}"#,
  ])
  mutating func brokenBatchIsRefused(json: String) {
    #expect(api.post("/batches", JSONValue.parse(Array(json.utf8))).status == 400)
    #expect(api.get("/batches")["total_items"] == 0)
  }

  @Test mutating func archiveHostKnowsSignedURLsAlone() throws {
    let id = start(1)["id"]?.text ?? ""
    api.advance(seconds: 10)
    let url = try #require(api.get("/batches/\(id)")["response_body_url"]?.text)
    let target = String(url.dropFirst("https://\(Mailchimp.archiveHost)".count))
    func get(_ target: String, _ headers: [NamedText] = []) -> SandboxResponse {
      api.raw("GET", target, host: Mailchimp.archiveHost, headers: headers).response
    }
    #expect(get(target).status == 200)
    #expect(get(target).body.prefix(2) == [0x1F, 0x8B])
    #expect(get(target, [NamedText("Authorization", "Bearer sandbox-us19")]).status == 400)
    #expect(get("/\(id)-response.tar.gz").status == 403)
    #expect(get(target.replacing("Expires=1", with: "Expires=2")).status == 403)
    api.advance(seconds: 599)
    #expect(get(target).status == 200)
    api.advance(seconds: 1)
    #expect(get(target).status == 403)
  }

  @Test mutating func campaignAndBatchHappenInTheOrderOfTheirTimes() {
    let campaign = api.campaign()
    _ = api.post(
      "/campaigns/\(campaign)/actions/schedule", ["schedule_time": "2026-11-23T10:15:00+00:00"])
    api.advance(seconds: 8 * 60 - 2)
    // Its first operation falls on the moment after the campaign starts.
    _ = start(1)
    api.advance(seconds: 3600)
    #expect(api.get("/campaigns/\(campaign)")["emails_sent"] == 3)
    #expect(api.platform.lists[0].index(of: "b0@patchbay.example") != nil)
  }
}
