internal import ConnectorModel

// Multivariate campaigns: the combinations that are tested, and the one that wins.
extension Mailchimp {
  private static let tested = ["subject_lines", "send_times", "from_names", "reply_to_addresses"]
  /// How many values of one kind, contents too.
  static let mostVariants = 3
  private static let longestWaitMinutes: Int64 = 7 * 24 * 60

  /// The settings with what Mailchimp adds: the combinations, their contents and, in time, the winner.
  func variateSettings(of campaign: Campaign, at now: SandboxInstant) -> JSONValue {
    let settings = campaign.fields["variate_settings"] ?? [:]
    let contents = campaign.content?.variants.compactMap { $0["content_label"]?.text } ?? []
    let combinations = combinations(of: campaign)
    let defaults: JSONValue = ["wait_time": 0, "test_size": 100, "winner_criteria": "opens"]
    var added: [String: JSONValue] = [
      "combinations": .array(combinations), "contents": .array(contents.map { .string($0) }),
      "winning_combination_id": "", "winning_campaign_id": "",
    ]
    if let start = campaign.stage.sendStart, settings["winner_criteria"]?.text != "manual",
      let first = combinations.first
    {
      let wait = (settings["wait_time"]?.integer ?? 0) * 60_000
      if now >= start.advanced(byMilliseconds: Campaign.sendDurationMs + wait) {
        added["winning_combination_id"] = first["id"]
        added["winning_campaign_id"] = .string(campaign.id)
      }
    }
    return defaults.merging(settings.members ?? [:]).merging(added)
  }

  private func combinations(of campaign: Campaign) -> [JSONValue] {
    let settings = campaign.fields["variate_settings"] ?? [:]
    let contents = max(1, campaign.content?.variants.count ?? 0)
    let counts = Self.tested.map { max(1, settings[$0]?.elements?.count ?? 0) } + [contents]
    let total = counts.reduce(1, *)
    let recipients = recipientCount(of: campaign)
    return (0..<total).map { number in
      var rest = number
      var places: [JSONValue] = []
      for count in counts {
        places.append(.number(rest % count))
        rest /= count
      }
      // Recipients are dealt out evenly, the first combinations taking what is left over.
      let share = recipients / total + (number < recipients % total ? 1 : 0)
      return [
        "id": .string(String(Digest.md5("\(campaign.id)-\(number)").prefix(10))), "subject_line": places[0],
        "send_time": places[1], "from_name": places[2], "reply_to": places[3],
        "content_description": places[4], "recipients": .number(share),
      ]
    }
  }

  /// - Throws: an invalid resource for settings that no test can have.
  static func checkVariate(_ settings: JSONValue) throws(MailchimpProblem) {
    for name in tested where (settings[name]?.elements?.count ?? 0) > mostVariants {
      throw .invalid("variate_settings.\(name)", "At most \(mostVariants) values can be tested.")
    }
    let criteria = settings["winner_criteria"]?.text
    if let size = settings["test_size"]?.integer, !(10...100).contains(size) {
      throw .invalid("variate_settings.test_size", "Please enter a number from 10 to 100.")
    }
    if let wait = settings["wait_time"]?.integer, !(0...longestWaitMinutes).contains(wait) {
      throw .invalid("variate_settings.wait_time", "Please enter a number from 0 to \(longestWaitMinutes).")
    }
    let hasTimes = (settings["send_times"]?.elements?.count ?? 0) > 1
    guard !hasTimes || criteria == "manual" || settings["test_size"]?.integer ?? 100 == 100 else {
      throw .invalid("variate_settings.send_times", "Send times can only be tested with the whole audience.")
    }
  }
}
