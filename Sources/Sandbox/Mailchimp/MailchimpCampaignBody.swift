internal import ConnectorModel

// How a campaign looks on the wire, and to whom it goes.
extension Mailchimp {
  mutating func startSending(_ index: Int, at time: SandboxInstant) {
    let recipients = recipients(of: campaigns[index])
    campaigns[index].stage = .sending(since: time, recipients: recipients.count)
    campaigns[index].recipients = recipients
    let fates = recipients.enumerated().compactMap { place, member in
      Fate(address: member.email).map { kind in
        Campaign.PendingFate(
          time: time.advanced(byMilliseconds: kind.delayMs), recipient: place, kind: kind)
      }
    }
    campaigns[index].fates = fates.sorted { $0.time > $1.time }
    let campaign = campaigns[index]
    sends.append(
      MailchimpSend(
        campaignID: campaign.id, listID: campaign.listID, subjectLine: campaign.setting("subject_line"),
        recipients: recipients.count, time: time))
  }

  func audience(of campaign: Campaign) -> Audience? { lists.first { $0.id == campaign.listID } }

  func recipientCount(of campaign: Campaign) -> Int {
    switch campaign.stage {
    case .sending(_, let recipients), .canceled(_, _, _, let recipients): recipients
    default: recipients(of: campaign).count
    }
  }

  /// Who would get the campaign now: the subscribed members of its audience, of its segment if it has one.
  private func recipients(of campaign: Campaign) -> [Member] {
    guard let list = audience(of: campaign) else { return [] }
    let subscribed = list.members.filter { $0.status == .subscribed }
    guard let options = campaign.fields["recipients"]?["segment_opts"] else { return subscribed }
    if let id = options["saved_segment_id"]?.integer, id != 0 {
      guard let segment = list.segments.first(where: { Int64($0.id) == id }) else { return [] }
      return subscribed.filter(segment.contains)
    }
    guard options["conditions"]?.elements?.isEmpty == false,
      let conditions = try? SegmentConditions(options)
    else { return subscribed }
    return subscribed.filter(conditions.admit)
  }

  /// When it was or will be sent.
  func sendTime(of campaign: Campaign) -> SandboxInstant? {
    if case .scheduled(let time) = campaign.stage { return time }
    return campaign.stage.sendStart
  }

  func body(of campaign: Campaign, _ call: MailchimpCall) -> JSONValue {
    let path = "/campaigns/\(campaign.id)"
    let status = campaign.stage.status(at: call.now)
    let list = audience(of: campaign)
    let archive = "https://mailchi.mp/\(campaign.id)/archive"
    var recipients: JSONValue = [
      "list_id": .string(campaign.listID), "list_is_active": .bool(list != nil),
      "list_name": list?.fields["name"] ?? "", "segment_text": "",
      "recipient_count": .number(recipientCount(of: campaign)),
    ]
    if let segment = campaign.fields["recipients"]?["segment_opts"] {
      recipients = recipients.merging(["segment_opts": segment])
    }
    var members: [String: JSONValue] = [
      "id": .string(campaign.id), "web_id": .number(campaign.webID), "type": .string(campaign.type),
      "parent_campaign_id": .string(campaign.parentID), "create_time": .string(campaign.createTime.iso8601),
      "archive_url": .string(archive), "long_archive_url": .string(archive), "status": .string(status),
      "emails_sent": .number(campaign.stage.emailsSent(at: call.now)),
      "send_time": .string(sendTime(of: campaign)?.iso8601 ?? ""),
      "content_type": .string(campaign.content?.origin ?? "template"), "needs_block_refresh": false,
      "resendable": .bool(status == "sent"), "recipients": recipients,
      "settings": Campaign.defaultSettings.merging(campaign.fields["settings"]?.members ?? [:]),
      "tracking": Campaign.defaultTracking.merging(campaign.fields["tracking"]?.members ?? [:]),
      "delivery_status": deliveryStatus(of: campaign, at: call.now),
      "_links": .array(
        [
          call.relation("self", path, schema: "Campaigns"),
          call.relation("parent", "/campaigns", schema: "Campaigns"),
          call.relation("delete", path, method: "DELETE"),
          call.relation("send_checklist", path + "/send-checklist", schema: "Campaigns/Checklist"),
          call.relation("content", path + "/content", schema: "Campaigns/Content"),
          call.relation("report", "/reports/\(campaign.id)", schema: "Reports"),
        ]
          + ["send", "schedule", "unschedule", "test", "cancel-send", "replicate", "create-resend"].map {
            call.relation($0, path + "/actions/\($0)", method: "POST")
          }),
    ]
    for name in ["rss_opts", "social_card"] { members[name] = campaign.fields[name] }
    if campaign.type == "variate" {
      members["variate_settings"] = variateSettings(of: campaign, at: call.now)
    }
    if campaign.stage.sendStart != nil {
      members["report_summary"] = engagement(of: campaign, at: call.now).summary
    }
    return .object(members)
  }

  /// A campaign with every field that one can have, for `fields`.
  func campaignShape(_ call: MailchimpCall) -> JSONValue {
    var example = Campaign(id: "", webID: 0, type: "regular", createTime: call.now, fields: [:])
    example.stage = .sending(since: call.now, recipients: 0)
    let body = self.body(of: example, call)
    return body.merging([
      "variate_settings": [:], "rss_opts": [:], "ab_split_opts": [:], "social_card": [:],
      "resend_shortcut_eligibility": [:],
      "recipients": (body["recipients"] ?? [:]).merging(["segment_opts": [:]]),
      "settings": (body["settings"] ?? [:]).merging(["auto_fb_post": []]),
      "tracking": (body["tracking"] ?? [:]).merging(["salesforce": [:], "capsule": [:]]),
    ])
  }

  func deliveryStatus(of campaign: Campaign, at now: SandboxInstant) -> JSONValue {
    let status =
      switch campaign.stage.status(at: now) {
      case "sending": "delivering"
      case "sent": "delivered"
      case "canceling": "canceling"
      case "canceled": "canceled"
      default: ""
      }
    guard !status.isEmpty else { return ["enabled": false] }
    let sent = campaign.stage.emailsSent(at: now)
    let canceled =
      if case .canceled(_, _, let delivered, let recipients) = campaign.stage {
        recipients - delivered
      } else { 0 }
    return [
      "enabled": true, "can_cancel": .bool(status == "delivering"),
      "status": .string(status),
      "emails_sent": .number(sent), "emails_canceled": .number(canceled),
    ]
  }
}
