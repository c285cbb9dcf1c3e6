internal import ConnectorModel

// Reports of campaigns that were sent.
extension Mailchimp {
  func reports(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let type = try call.choice("type", Campaign.types)
    let sent = try call.window("send_time")
    let found = campaigns.filter { campaign in
      campaign.stage.sendStart != nil && type.map({ $0 == campaign.type }) ?? true
        && sent.contains(campaign.stage.sendStart)
    }
    let page = try call.page(of: found)
    func collection(_ bodies: [JSONValue]) -> JSONValue {
      [
        "reports": .array(bodies), "total_items": .number(found.count),
        "_links": [
          call.relation("self", "/reports", schema: "Reports"), call.relation("parent", "/", schema: "Root"),
        ],
      ]
    }
    return .body(
      collection(page.map { report(of: $0, call) }), shape: collection([reportShape(call)]), schema: "Reports"
    )
  }

  func report(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let campaign = campaigns[try campaignIndex(call)]
    guard campaign.stage.sendStart != nil else { throw .notFound }
    return .body(report(of: campaign, call), shape: reportShape(call), schema: "Reports")
  }

  func engagement(of campaign: Campaign, at now: SandboxInstant) -> Engagement {
    Engagement(
      campaignID: campaign.id, recipients: campaign.recipients.prefix(campaign.stage.emailsSent(at: now)),
      linkCount: campaign.content?.links.count ?? 0, start: campaign.stage.sendStart ?? now, until: now)
  }

  func reportShape(_ call: MailchimpCall) -> JSONValue {
    var example = Campaign(id: "", webID: 0, type: "regular", createTime: call.now, fields: [:])
    example.stage = .sending(since: call.now, recipients: 0)
    return report(of: example, call).merging(["ab_split": [:], "timewarp": [], "share_report": [:]])
  }

  func report(of campaign: Campaign, _ call: MailchimpCall) -> JSONValue {
    let path = "/reports/\(campaign.id)"
    let reaction = engagement(of: campaign, at: call.now)
    let start = campaign.stage.sendStart ?? call.now
    let list = audience(of: campaign)
    func last(_ times: [SandboxInstant]) -> JSONValue { .string(times.max()?.iso8601 ?? "") }
    return [
      "id": .string(campaign.id), "campaign_title": .string(campaign.title), "type": .string(campaign.type),
      "list_id": .string(campaign.listID), "list_is_active": .bool(list != nil),
      "list_name": list?.fields["name"] ?? "", "subject_line": .string(campaign.setting("subject_line")),
      "preview_text": .string(campaign.setting("preview_text")), "emails_sent": .number(reaction.emailsSent),
      "abuse_reports": .number(reaction.count(.complaint)),
      "unsubscribed": .number(reaction.count(.unsubscribe) + reaction.count(.complaint)),
      "send_time": .string(start.iso8601), "rss_last_send": "",
      "bounces": [
        "hard_bounces": .number(reaction.count(.hardBounce)),
        "soft_bounces": .number(reaction.count(.softBounce)),
        "syntax_errors": 0,
      ],
      "forwards": ["forwards_count": 0, "forwards_opens": 0],
      "opens": [
        "opens_total": .number(reaction.opens.count),
        "proxy_excluded_opens": .number(reaction.personalOpens.count),
        "unique_opens": .number(reaction.firstOpens.count),
        "proxy_excluded_unique_opens": .number(reaction.firstPersonalOpens.count),
        "open_rate": .ratio(reaction.firstOpens.count, of: reaction.emailsSent),
        "proxy_excluded_open_rate": .ratio(reaction.firstPersonalOpens.count, of: reaction.emailsSent),
        "last_open": last(reaction.opens),
      ],
      "clicks": [
        "clicks_total": .number(reaction.clicks.count), "unique_clicks": .number(reaction.clicks.count),
        "unique_subscriber_clicks": .number(reaction.clickers),
        "click_rate": .ratio(reaction.clickers, of: reaction.emailsSent),
        "last_click": last(reaction.clicks),
      ],
      "facebook_likes": ["recipient_likes": 0, "unique_likes": 0, "facebook_likes": 0],
      "industry_stats": [
        "type": "Software & Web App", "open_rate": .ratio(2130, of: 10_000),
        "click_rate": .ratio(245, of: 10_000),
        "bounce_rate": .ratio(70, of: 10_000), "unopen_rate": .ratio(7800, of: 10_000),
        "unsub_rate": .ratio(20, of: 10_000), "abuse_rate": .ratio(1, of: 10_000),
      ],
      "list_stats": ["sub_rate": 0, "unsub_rate": 0, "open_rate": 0, "click_rate": 0],
      "timeseries": .array((0..<24).map { Self.hour($0, start: start, reaction) }),
      "ecommerce": ["total_orders": 0, "total_spent": 0, "total_revenue": 0, "currency_code": "EUR"],
      "delivery_status": deliveryStatus(of: campaign, at: call.now),
      "_links": [
        call.relation("self", path, schema: "Reports"),
        call.relation("parent", "/reports", schema: "Reports"),
        call.relation("campaign", "/campaigns/\(campaign.id)", schema: "Campaigns"),
      ],
    ]
  }

  private static func hour(_ hour: Int, start: SandboxInstant, _ reaction: Engagement) -> JSONValue {
    let from = start.advanced(byMilliseconds: Int64(hour) * 3_600_000)
    let to = from.advanced(byMilliseconds: 3_600_000)
    func count(_ times: [SandboxInstant]) -> JSONValue { .number(times.count { $0 >= from && $0 < to }) }
    return [
      "timestamp": .string(from.iso8601), "emails_sent": .number(hour == 0 ? reaction.emailsSent : 0),
      "unique_opens": count(reaction.firstOpens),
      "proxy_excluded_unique_opens": count(reaction.firstPersonalOpens),
      "recipients_clicks": count(reaction.clicks),
    ]
  }
}
