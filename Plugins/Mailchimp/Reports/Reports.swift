import ConnectorKit

/// Reports of campaigns that were sent.
enum Reports {
  /// The numbers, under the names that records carry; those without a privacy proxy's opens stand apart.
  static let metrics: [Field] = [
    Field("sent", at: "emails_sent", .integer), Field("opens", at: "opens.opens_total", .integer),
    Field("unique_opens", at: "opens.unique_opens", .integer),
    Field("open_rate", at: "opens.open_rate", .number),
    Field("proxy_excluded_opens", at: "opens.proxy_excluded_opens", .integer),
    Field("proxy_excluded_unique_opens", at: "opens.proxy_excluded_unique_opens", .integer),
    Field("proxy_excluded_open_rate", at: "opens.proxy_excluded_open_rate", .number),
    Field("clicks", at: "clicks.clicks_total", .integer),
    Field("unique_clicks", at: "clicks.unique_clicks", .integer),
    Field("clickers", at: "clicks.unique_subscriber_clicks", .integer),
    Field("click_rate", at: "clicks.click_rate", .number), Field("unsubscribed", .integer),
    Field("abuse_reports", .integer), Field("hard_bounces", at: "bounces.hard_bounces", .integer),
    Field("soft_bounces", at: "bounces.soft_bounces", .integer),
    Field("syntax_errors", at: "bounces.syntax_errors", .integer),
    Field("forwards", at: "forwards.forwards_count", .integer),
    Field("forward_opens", at: "forwards.forwards_opens", .integer),
    Field("orders", at: "ecommerce.total_orders", .integer),
    Field("revenue", at: "ecommerce.total_revenue", .number),
  ]
  static let details: [Field] = [
    "type", Field("audience", at: "list_id"), Field("audienceName", at: "list_name"),
    Field("title", at: "campaign_title"), Field("subject", at: "subject_line"), "previewText", "sendTime",
    "rssLastSend", Field("lastOpen", at: "opens.last_open"), Field("lastClick", at: "clicks.last_click"),
    Field("currency", at: "ecommerce.currency_code"), Field("timeseries", .list(.open)),
    Field("deliveryStatus", at: "delivery_status.status"),
  ]
  static let head: [Field] = [Field("campaignId", at: "id").required]
  private static let fields = head + details + [Field("metrics", at: "", .object(metrics))]

  static let all: [ResourceAction] = [
    .list(
      "report.list", "/reports", fields, as: "reports",
      query: [
        Field("type", .word(["regular", "plaintext", "absplit", "rss", "variate"])),
        Field("sinceSendTime", .text(atMost: 40)), Field("beforeSendTime", .text(atMost: 40)),
      ]),
    .read("report.read", "/reports/{campaignId}", fields),
  ]

  /// The parts of a report that are lists, with the member that holds each.
  private static let parts = [
    "click-details": "urls_clicked", "open-details": "members", "email-activity": "emails",
    "unsubscribed": "unsubscribes", "sent-to": "sent_to", "locations": "locations",
    "domain-performance": "domains", "advice": "advice", "abuse-reports": "abuse_reports",
    "sub-reports": "reports",
  ]

  /// One part of a report, in Mailchimp's own words.
  static func part(_ input: JSONValue, _ context: OperationContext) async throws -> JSONValue {
    let name = input["part"]?.text ?? ""
    guard name == "eepurl" || parts[name] != nil else {
      throw Field.refusal("/part", "is none of \((parts.keys + ["eepurl"]).sorted().joined(separator: ", "))")
    }
    let path: ResourcePath = "/reports/{campaignId}"
    let url = "\(try path.fill(input))/\(name)"
    guard let wire = parts[name] else {
      let answer: JSONValue = try await API(context, subject: "/campaignId").get(url)
      return ["items": [answer.withoutLinks], "total": 1]
    }
    let list = ResourceAction(
      name: "report.part", method: "GET", path: "/reports/{campaignId}/{part}",
      result: .page([Field("item", at: "", .open)], wire: wire, name: "items"))
    let page = try await list.run(input, context)
    return page.adding(
      "items", .array((page["items"]?.elements ?? []).compactMap { $0["item"]?.withoutLinks }))
  }
}

extension JSONValue {
  /// The value without links, which lead nowhere outside Mailchimp's API.
  var withoutLinks: JSONValue {
    switch self {
    case .object(let members): .object(members.filter { $0.key != "_links" }.mapValues(\.withoutLinks))
    case .array(let elements): .array(elements.map(\.withoutLinks))
    default: self
    }
  }
}
