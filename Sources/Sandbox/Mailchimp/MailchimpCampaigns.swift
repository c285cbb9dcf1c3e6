internal import ConnectorModel

// Campaigns as a resource: list, create, read, change, delete.
extension Mailchimp {
  func campaigns(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let status = try call.choice("status", Campaign.statuses)
    let type = try call.choice("type", Campaign.types)
    let created = try call.window("create_time")
    let sent = try call.window("send_time")
    let found = campaigns.filter { campaign in
      status.map({ $0 == campaign.stage.status(at: call.now) }) ?? true
        && type.map({ $0 == campaign.type }) ?? true
        && call.item("list_id").map({ $0 == campaign.listID }) ?? true
        && call.item("folder_id").map({ $0 == campaign.setting("folder_id") }) ?? true
        && call.item("member_id").map({ wasSent(campaign, to: $0) }) ?? true
        && created.contains(campaign.createTime) && sent.contains(sendTime(of: campaign))
    }
    let field = try call.choice("sort_field", ["create_time", "send_time"]) ?? "create_time"
    let isAscending = try call.choice("sort_dir", ["ASC", "DESC"]) == "ASC"
    func key(_ campaign: Campaign) -> SandboxInstant {
      field == "create_time"
        ? campaign.createTime : sendTime(of: campaign) ?? SandboxInstant(milliseconds: .min)
    }
    // Newest first unless asked; of equal times the later one counts as newer.
    let order = found.enumerated().sorted {
      (key($0.element), $0.offset) < (key($1.element), $1.offset)
    }.map(\.element)
    let sorted = isAscending ? order : order.reversed()
    let page = try call.page(of: sorted)
    func collection(_ bodies: [JSONValue]) -> JSONValue {
      [
        "campaigns": .array(bodies), "total_items": .number(sorted.count),
        "_links": [
          call.relation("self", "/campaigns", schema: "Campaigns"),
          call.relation("parent", "/", schema: "Root"),
          call.relation("create", "/campaigns", method: "POST", schema: "Campaigns"),
        ],
      ]
    }
    return .body(
      collection(page.map { body(of: $0, call) }), shape: collection([campaignShape(call)]),
      schema: "Campaigns")
  }

  /// Whether the member was subscribed when the campaign began to be sent.
  private func wasSent(_ campaign: Campaign, to memberID: String) -> Bool {
    guard let start = campaign.stage.sendStart, let list = audience(of: campaign),
      let member = list.index(of: memberID).map({ list.members[$0] })
    else { return false }
    return member.created <= start && (member.status == .subscribed || member.lastChanged > start)
  }

  func campaign(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    campaignAnswer(campaigns[try campaignIndex(call)], call)
  }

  mutating func createCampaign(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    var fields = try call.resource(Campaign.schema)
    let type = fields.removeValue(forKey: "type")?.text ?? ""
    if type == "variate", fields["variate_settings"] == nil {
      throw .invalid("variate_settings", "Required for a campaign of type variate.")
    }
    if type == "rss", fields["rss_opts"] == nil {
      throw .invalid("rss_opts", "Required for a campaign of type rss.")
    }
    try checkCampaign(fields, listID: nil)
    let campaign = Campaign(
      id: identifiers.short(), webID: identifiers.webID(), type: type, createTime: call.now, fields: fields)
    campaigns.append(campaign)
    return campaignAnswer(campaign, call)
  }

  mutating func updateCampaign(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try campaignIndex(call)
    try checkEditable(campaigns[index], call)
    var changes = try call.resource(Campaign.schema, isPartial: true)
    changes["type"] = nil
    try checkCampaign(changes, listID: campaigns[index].listID)
    for (name, value) in changes {
      let old = campaigns[index].fields[name]
      campaigns[index].fields[name] = value.members.flatMap { members in old?.merging(members) } ?? value
    }
    return campaignAnswer(campaigns[index], call)
  }

  mutating func deleteCampaign(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try campaignIndex(call)
    let status = campaigns[index].stage.status(at: call.now)
    guard status != "sending", status != "canceling" else {
      throw .notAllowed("A campaign cannot be deleted while it is \(status).")
    }
    campaigns.remove(at: index)
    return .nothing
  }

  func campaignIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> Int {
    guard let index = campaigns.firstIndex(where: { $0.id == call.parameter("campaign") }) else {
      throw .notFound
    }
    return index
  }

  /// - Throws: an invalid action unless the campaign is a draft.
  func checkEditable(_ campaign: Campaign, _ call: MailchimpCall) throws(MailchimpProblem) {
    let status = campaign.stage.status(at: call.now)
    guard status == "save" else {
      throw .invalidAction("A campaign with the status \"\(status)\" cannot be edited.")
    }
  }

  func campaignAnswer(_ campaign: Campaign, _ call: MailchimpCall) -> MailchimpAnswer {
    .body(body(of: campaign, call), shape: campaignShape(call), schema: "Campaigns")
  }

  /// - Parameter listID: the audience where the fields name none.
  private func checkCampaign(_ fields: [String: JSONValue], listID: String?) throws(MailchimpProblem) {
    if let settings = fields["variate_settings"] { try Self.checkVariate(settings) }
    if let options = fields["recipients"]?["segment_opts"] {
      try checkSegment(options, listID: fields["recipients"]?["list_id"]?.text ?? listID ?? "")
    }
    if let id = fields["settings"]?["template_id"]?.integer, id != 0, template(Int(id)) == nil {
      throw .invalid("settings.template_id", "The template does not exist.")
    }
    var errors: [MailchimpProblem.FieldProblem] = []
    if !library.hasFolder(fields["settings"]?["folder_id"]?.text ?? "", .campaigns) {
      errors.append(.init(field: "settings.folder_id", message: "The folder does not exist."))
    }
    if let listID = fields["recipients"]?["list_id"]?.text, !lists.contains(where: { $0.id == listID }) {
      errors.append(.init(field: "recipients.list_id", message: "The list \"\(listID)\" does not exist."))
    }
    if let replyTo = fields["settings"]?["reply_to"]?.text, !replyTo.isEmpty, !Member.isAddress(replyTo) {
      errors.append(.init(field: "settings.reply_to", message: "Please enter a valid email address."))
    }
    if let subject = fields["settings"]?["subject_line"]?.text, subject.count > 150 {
      errors.append(
        .init(field: "settings.subject_line", message: "Please enter a value up to 150 characters."))
    }
    guard errors.isEmpty else { throw .invalid(errors) }
  }

  private func checkSegment(_ options: JSONValue, listID: String) throws(MailchimpProblem) {
    if let id = options["saved_segment_id"]?.integer, id != 0 {
      let segments = lists.first { $0.id == listID }?.segments ?? []
      guard segments.contains(where: { Int64($0.id) == id }) else {
        throw .invalid("recipients.segment_opts.saved_segment_id", "The segment does not exist.")
      }
    }
    _ = try SegmentConditions(options)
  }
}
