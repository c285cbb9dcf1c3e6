import ConnectorKit
import FoundationEssentials

/// Reports as a stream: pages in the order of sending, a checkpoint after each.
///
/// Opens and clicks come days late, so every run looks back and sends what it finds under the same ids again.
struct ReportSync {
  /// Between two runs reports of this age still change; the manifest says the same.
  static let lookback = 7 * 86_400.0
  /// A million reports; a platform whose list never ends is not asked for ever.
  private static let maximumPages = 1_000
  private static let excluded =
    "_links,reports._links,reports.timeseries,reports.industry_stats,reports.list_stats"

  private let window: SyncWindow
  private let api: API
  private var cursor: ReportCursor
  /// Ids of the page before: what comes in meanwhile shows its end again.
  private var previous: Set<String> = []

  static func read(_ window: SyncWindow, _ context: OperationContext) async throws -> SyncEnd {
    var sync = try ReportSync(window, context)
    return try await sync.run()
  }

  private init(_ window: SyncWindow, _ context: OperationContext) throws {
    self.window = window
    api = API(context)
    cursor = try ReportCursor(window, lookback: Self.lookback)
  }

  private mutating func run() async throws -> SyncEnd {
    for _ in 0..<Self.maximumPages {
      guard try await page() else {
        try await AccountRecords(api).emit()
        let end = SyncEnd(cursor: try cursor.finished.text)
        try api.context.emit("checkpoint", end)
        return end
      }
      try api.context.emit("checkpoint", SyncEnd(cursor: try cursor.text))
    }
    throw OperationError(
      .upstream, "the platform lists more than \(Self.maximumPages) pages of reports", retry: .safe)
  }

  /// Whether there may be more after this page.
  private mutating func page() async throws -> Bool {
    let list = Collection(api: api, url: url, name: "reports")
    var page = try await list.page(offset: cursor.offset, count: Collection.largestPage)
    // Something before this page is gone, and what followed it moved up.
    if let known = cursor.total, page.total < known, cursor.offset > 0 {
      cursor.offset = max(0, cursor.offset - (known - page.total))
      page = try await list.page(offset: cursor.offset, count: Collection.largestPage)
    }
    var shown: Set<String> = []
    for item in page.items {
      let record = try ReportRecord(report: item)
      cursor.newest = max(cursor.newest ?? "", record.at)
      let isNew = shown.insert(record.id).inserted && !previous.contains(record.id)
      if isNew { try api.context.emit("record", record) }
    }
    previous = shown
    cursor.offset += page.items.count
    cursor.total = page.total
    return !page.items.isEmpty && cursor.offset < page.total
  }

  private var url: String {
    var query = Query()
    if let since = cursor.since { query.add("since_send_time", since) }
    if let until = window.until { query.add("before_send_time", until) }
    query.add("sort_field", "send_time")
    query.add("sort_dir", "ASC")
    query.add("exclude_fields", Self.excluded)
    return "/reports\(query.text)"
  }
}
