internal import ConnectorModel

// Who opened a campaign, and who clicked which link.
extension Mailchimp {
  func openDetails(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let since = try call.time("since")
    let found = scope.reaction.reactions.filter { reaction in
      !reaction.opens.isEmpty && since.map { since in reaction.opens.contains { $0 > since } } ?? true
    }
    return try scope.collection(
      "members", found.map { Self.open($0, scope) }, like: Self.open(ReportScope.example(call.now), scope),
      at: "open-details", schema: "OpenDetails",
      extra: [
        "total_opens": .number(scope.reaction.opens.count),
        "total_proxy_excluded_opens": .number(scope.reaction.personalOpens.count),
      ])
  }

  func openDetail(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    return try scope.single(scope.reaction.reactions.filter { !$0.opens.isEmpty }, schema: "OpenDetails") {
      Self.open($0, scope)
    }
  }

  private static func open(_ reaction: Engagement.Reaction, _ scope: ReportScope) -> JSONValue {
    let opens = reaction.opens.map { time -> JSONValue in
      ["timestamp": .string(time.iso8601), "is_proxy_open": .bool(reaction.isProxied)]
    }
    return .object(
      scope.person(reaction.recipient).merging([
        "opens_count": .number(reaction.opens.count),
        "proxy_excluded_opens_count": .number(reaction.isProxied ? 0 : reaction.opens.count),
        "opens": .array(opens),
        "_links": [
          scope.call.relation("self", scope.path + "/open-details/\(reaction.recipient.id)"),
          scope.call.relation("parent", scope.path + "/open-details"),
        ],
      ]) { _, new in new })
  }

  func clickDetails(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let links = scope.campaign.content?.links ?? []
    return try scope.collection(
      "urls_clicked", links.indices.map { Self.link($0, links[$0], scope) },
      like: Self.link(0, "", scope), at: "click-details", schema: "ClickDetails")
  }

  func clickDetail(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let (index, link) = try Self.linkIndex(scope)
    return .body(Self.link(index, link, scope), schema: "Reports/ClickDetails")
  }

  func clickMembers(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let (index, link) = try Self.linkIndex(scope)
    let found = scope.reaction.reactions.filter { $0.clicks.contains { $0.link == index } }
    return try scope.collection(
      "members", found.map { Self.clicker($0, index, link, scope) },
      like: Self.clicker(ReportScope.example(call.now), index, link, scope),
      at: "click-details/\(CampaignContent.linkID(link))/members", schema: "ClickDetails/Members")
  }

  func clickMember(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let (index, link) = try Self.linkIndex(scope)
    let found = scope.reaction.reactions.filter { $0.clicks.contains { $0.link == index } }
    return try scope.single(found, schema: "ClickDetails/Members") { Self.clicker($0, index, link, scope) }
  }

  private static func linkIndex(
    _ scope: ReportScope
  ) throws(MailchimpProblem) -> (index: Int, link: String) {
    let links = scope.campaign.content?.links ?? []
    let id = scope.call.parameter("link")
    guard let index = links.firstIndex(where: { CampaignContent.linkID($0) == id }) else { throw .notFound }
    return (index, links[index])
  }

  private static func link(_ index: Int, _ link: String, _ scope: ReportScope) -> JSONValue {
    let clicks = scope.reaction.reactions.flatMap(\.clicks).filter { $0.link == index }
    let people = scope.reaction.reactions.count { $0.clicks.contains { $0.link == index } }
    return [
      "id": .string(CampaignContent.linkID(link)), "url": .string(link),
      "total_clicks": .number(clicks.count),
      "click_percentage": .ratio(clicks.count, of: scope.reaction.clicks.count),
      "unique_clicks": .number(people),
      "unique_click_percentage": .ratio(people, of: scope.reaction.clickers),
      "last_click": .string(clicks.map(\.time).max()?.iso8601 ?? ""),
      "campaign_id": .string(scope.campaign.id),
      "_links": [
        scope.call.relation("self", scope.path + "/click-details/\(CampaignContent.linkID(link))"),
        scope.call.relation("members", scope.path + "/click-details/\(CampaignContent.linkID(link))/members"),
      ],
    ]
  }

  private static func clicker(
    _ reaction: Engagement.Reaction, _ index: Int, _ link: String, _ scope: ReportScope
  ) -> JSONValue {
    .object(
      scope.person(reaction.recipient).merging([
        "clicks": .number(reaction.clicks.count { $0.link == index }),
        "url_id": .string(CampaignContent.linkID(link)),
        "_links": [scope.call.relation("parent", scope.path + "/click-details")],
      ]) { _, new in new })
  }
}
