internal import ConnectorModel

// What a report says of a campaign as a whole: domains, places, advice, its short link, its sub-reports.
extension Mailchimp {
  func domainPerformance(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let all = scope.reaction.reactions
    let domains = Dictionary(grouping: all) {
      String($0.recipient.email.lowercased().drop { $0 != "@" }.dropFirst())
    }
    let bodies = domains.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map {
      domain, own -> JSONValue in
      let opens = own.count { !$0.opens.isEmpty }
      let clicks = own.count { !$0.clicks.isEmpty }
      let bounces = own.count { $0.fate?.kind.isBounce == true }
      let leavers = own.count { $0.hasMet(.unsubscribe) || $0.hasMet(.complaint) }
      return [
        "domain": .string(domain), "emails_sent": .number(own.count), "bounces": .number(bounces),
        "opens": .number(opens), "clicks": .number(clicks), "unsubs": .number(leavers),
        "delivered": .number(own.count - bounces), "emails_pct": .ratio(own.count, of: all.count),
        "bounces_pct": .ratio(bounces, of: own.count), "opens_pct": .ratio(opens, of: own.count),
        "clicks_pct": .ratio(clicks, of: own.count), "unsubs_pct": .ratio(leavers, of: own.count),
      ]
    }
    let value: JSONValue = [
      "domains": .array(bodies), "total_sent": .number(all.count), "campaign_id": .string(scope.campaign.id),
      "total_items": .number(bodies.count), "_links": [call.relation("parent", scope.path)],
    ]
    return .body(value, schema: "Reports/DomainPerformance")
  }

  /// Each recipient's country follows from their id.
  func locations(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let places = [("DE", "BE", "Berlin"), ("US", "GA", "Georgia"), ("FR", "IDF", "Ile-de-France")]
    var opens = [0, 0, 0]
    for reaction in scope.reaction.reactions where !reaction.opens.isEmpty {
      let digit = reaction.recipient.id.last?.hexDigitValue ?? 0
      opens[digit % places.count] += reaction.opens.count
    }
    func place(_ index: Int) -> JSONValue {
      [
        "country_code": .string(places[index].0), "region": .string(places[index].1),
        "region_name": .string(places[index].2), "opens": .number(opens[index]),
        "proxy_excluded_opens": .number(opens[index]),
      ]
    }
    return try scope.collection(
      "locations", opens.indices.filter { opens[$0] > 0 }.map(place), like: place(0), at: "locations",
      schema: "Locations")
  }

  func advice(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    var items: [JSONValue] = []
    if scope.reaction.count(.hardBounce) * 20 > scope.reaction.emailsSent {
      items.append(["type": "negative", "message": "Your bounce rate is above the average of your industry."])
    }
    return try scope.collection(
      "advice", items, like: ["type": "", "message": ""], at: "advice", schema: "Advice")
  }

  func eepurl(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let value: JSONValue = [
      "twitter": ["tweets": 0, "first_tweet": "", "last_tweet": "", "retweets": 0, "statuses": []],
      "clicks": ["clicks": 0, "first_click": "", "last_click": "", "locations": []],
      "referrers": [], "eepurl": .string("https://eepurl.com/\(scope.campaign.id.prefix(6))"),
      "campaign_id": .string(scope.campaign.id), "_links": [call.relation("parent", scope.path)],
    ]
    return .body(value, schema: "Reports/Eepurl")
  }

  /// The reports of the campaigns that came out of this one.
  func subReports(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let scope = try scope(call)
    let children = campaigns.filter { $0.parentID == scope.campaign.id && $0.stage.sendStart != nil }
    return try scope.collection(
      "reports", children.map { report(of: $0, call) }, like: reportShape(call), at: "sub-reports",
      schema: "SubReports")
  }
}
