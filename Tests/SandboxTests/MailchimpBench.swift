import ConnectorModel

@testable import Sandbox

/// The Mailchimp simulator with a clock of its own, and short ways to ask it.
struct MailchimpBench {
  static let listID = "a1b2c3d4e5"
  static let start = "2026-11-23T10:07:00+00:00"
  var platform: Mailchimp
  var now: SandboxInstant
  var requestsInFlight = 1
  /// What a webhook's URL answers when it is tried.
  var probeStatus: Int? = 200

  init(seed: UInt64 = 7) {
    platform = Mailchimp(seed: seed)
    now = SandboxInstant(iso8601: Self.start) ?? SandboxInstant(milliseconds: 0)
  }

  mutating func advance(seconds: Int64) { now = now.advanced(byMilliseconds: seconds * 1000) }

  /// - Parameter path: under `/3.0`, query included.
  mutating func send(
    _ method: String, _ path: String, _ body: JSONValue? = nil, host: String = "us19.api.mailchimp.com",
    authorization: String? = "Bearer sandbox-us19", headers: [NamedText] = []
  ) -> BenchAnswer {
    raw(
      method, "/3.0" + path, body: body?.bytes ?? [], host: host,
      headers: headers + (authorization.map { [NamedText("Authorization", $0)] } ?? []))
  }

  mutating func raw(
    _ method: String, _ target: String, body: [UInt8] = [], host: String = "us19.api.mailchimp.com",
    headers: [NamedText]
  ) -> BenchAnswer {
    let parts = target.split(separator: "?", maxSplits: 1)
    let request = SandboxRequest(
      method: method, host: host, path: String(parts[0]), queryText: parts.count > 1 ? String(parts[1]) : "",
      headers: headers, body: body)
    let moment = Moment(now: now, requestsInFlight: requestsInFlight, probeStatus: probeStatus)
    return BenchAnswer(response: platform.respond(to: request, in: moment))
  }

  mutating func get(_ path: String) -> BenchAnswer { send("GET", path) }
  mutating func post(_ path: String, _ body: JSONValue? = nil) -> BenchAnswer { send("POST", path, body) }
  mutating func put(_ path: String, _ body: JSONValue) -> BenchAnswer { send("PUT", path, body) }
  mutating func patch(_ path: String, _ body: JSONValue) -> BenchAnswer { send("PATCH", path, body) }
  mutating func delete(_ path: String) -> BenchAnswer { send("DELETE", path) }

  /// A campaign's id; ready to be sent unless `html` is nil.
  mutating func campaign(
    title: String = "A", type: String = "regular", html: String? = "<p>Hello</p>",
    extra: [String: JSONValue] = [:]
  ) -> String {
    let settings: JSONValue = [
      "title": .string(title), "subject_line": "Hello", "from_name": "Patchbay",
      "reply_to": "owner@patchbay.example",
    ]
    let body: JSONValue = [
      "type": .string(type), "recipients": ["list_id": .string(Self.listID)], "settings": settings,
    ]
    let id = post("/campaigns", body.merging(extra))["id"]?.text ?? "none"
    if let html { _ = put("/campaigns/\(id)/content", ["html": .string(html)]) }
    return id
  }

  mutating func status(of campaign: String) -> String? { get("/campaigns/\(campaign)")["status"]?.text }
}

/// An answer with its body parsed.
struct BenchAnswer {
  let response: SandboxResponse
  var status: Int { response.status }
  var json: JSONValue? { JSONValue.parse(response.body) }
  var title: String? { json?["title"]?.text }

  subscript(_ member: String) -> JSONValue? { json?[member] }

  /// The fields that `errors` names.
  var fields: [String] { (self["errors"]?.elements ?? []).compactMap { $0["field"]?.text } }
  var messages: [String] { (self["errors"]?.elements ?? []).compactMap { $0["message"]?.text } }
}
