import ConnectorKit

/// Records of the account and of each audience.
struct AccountRecords {
  private let api: API

  init(_ api: API) { self.api = api }

  private static let account: [Field] = [
    "accountName", "role", Field("plan", at: "pricing_plan_type"), Field("timezone", at: "account_timezone"),
  ]
  private static let audience: [Field] = [
    Field("members", at: "stats.member_count", .integer),
    Field("unsubscribed", at: "stats.unsubscribe_count", .integer),
    Field("cleaned", at: "stats.cleaned_count", .integer),
    Field("campaigns", at: "stats.campaign_count", .integer),
    Field("open_rate", at: "stats.open_rate", .number), Field("click_rate", at: "stats.click_rate", .number),
  ]

  func emit() async throws {
    let context = api.context
    let account: JSONValue = try await api.get("/")
    try context.emit(
      "record",
      try ReportRecord(
        "account", account, id: "account_id",
        metrics: [Field("subscribers", at: "total_subscribers", .integer)],
        details: Self.account, at: try context.now))
    let lists = try await Collection(
      api: api, url: "/lists?exclude_fields=_links,lists._links", name: "lists"
    ).page(
      offset: 0, count: Collection.largestPage)
    for list in lists.items {
      try context.emit(
        "record",
        try ReportRecord(
          "audience", list, id: "id", metrics: Self.audience, details: ["name", "dateCreated"],
          at: try context.now))
    }
  }
}
