internal import ConnectorModel

/// The one account of the simulator, as `GET /` and the OAuth metadata show it.
enum MailchimpAccount {
  static let userID = "198004217"
  static let accountID = "8d3a3db4d97663a9074efcc16"
  static let loginID = "201964301"
  static let name = "Patchbay Sandbox"
  static let email = "owner@patchbay.example"
}

extension Mailchimp {
  func ping(_ call: MailchimpCall) -> MailchimpAnswer {
    .body(["health_status": "Everything's Chimpy!"], schema: "Ping")
  }

  func root(_ call: MailchimpCall) -> MailchimpAnswer {
    let subscribers = lists.reduce(0) { $0 + $1.members.count { $0.status == .subscribed } }
    let value: JSONValue = [
      "account_id": .string(MailchimpAccount.accountID), "login_id": .string(MailchimpAccount.loginID),
      "account_name": .string(MailchimpAccount.name), "email": .string(MailchimpAccount.email),
      "first_name": "Pat", "last_name": "Bay", "username": "patchbaysandbox", "avatar_url": "",
      "role": .string(call.user.role),
      "member_since": "2019-04-02T08:15:00+00:00", "pricing_plan_type": .string(call.user.plan),
      "first_payment": "2019-05-02T08:15:00+00:00", "account_timezone": "Europe/Berlin",
      "account_industry": "Software & Web App",
      "contact": [
        "company": .string(MailchimpAccount.name), "addr1": "1 Loopback Lane", "addr2": "", "city": "Berlin",
        "state": "BE", "zip": "10115", "country": "DE",
      ],
      "pro_enabled": false, "last_login": .string(call.now.advanced(byMilliseconds: -3_600_000).iso8601),
      "total_subscribers": .number(subscribers),
      "industry_stats": [
        "open_rate": .ratio(2130, of: 10_000), "bounce_rate": .ratio(70, of: 10_000),
        "click_rate": .ratio(245, of: 10_000),
      ],
      "_links": [
        call.relation("self", "/", schema: "Root"), call.relation("lists", "/lists", schema: "Lists"),
        call.relation("campaigns", "/campaigns", schema: "Campaigns"),
        call.relation("reports", "/reports", schema: "Reports"),
      ],
    ]
    return .body(value, schema: "Root")
  }

  mutating func snapshot(at now: SandboxInstant) -> JSONValue {
    settle(at: now)
    let call = MailchimpCall(
      now: now, host: "\(Self.dataCentre).api.mailchimp.com", query: [], parameters: [:], body: nil)
    return [
      "account": root(call).value ?? .null,
      "lists": .array(
        lists.map { list in
          list.body(call, campaigns: campaigns).merging([
            "members": .array(list.members.map { $0.body(call, listID: list.id) }),
            "forgotten": .array(list.forgotten.sorted().map { .string($0) }),
          ])
        }),
      "campaigns": .array(
        campaigns.map { campaign in
          body(of: campaign, call).merging(["content": campaign.content.map { $0.body } ?? .null])
        }),
      "deliveries": outbox.json, "lost_deliveries": .number(outbox.lost),
      "sends": .array(sends.map(\.json)), "test_sends": .array(testSends.map(\.json)),
      "files": .array(
        library.files.map { $0.body(call).merging(["sha256": .string(Digest.sha256($0.bytes))]) }),
      "oauth_tokens": .number(login.tokenCount),
    ]
  }
}
