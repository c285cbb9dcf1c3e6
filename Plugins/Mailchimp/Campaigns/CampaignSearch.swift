import ConnectorKit
import FoundationEssentials

/// Looks for the campaign with a marker, or proves that there is none.
struct CampaignSearch {
  let marker: CampaignMarker
  /// The campaign cannot be older.
  let since: Date
  let api: API

  /// The most that the platform gives at once.
  private static let pageSize = 1_000
  private static let maximumPages = 10

  private struct Page: Decodable {
    var campaigns: [Campaign]
    var total_items: Int?
  }

  /// Looks twice, since a campaign may be listed only a moment after it was made.
  ///
  /// - Throws: `OperationError` when a listing failed or was too long, so that absence is not proven.
  func find() async throws -> Campaign? {
    if let found = try await look() { return found }
    try await api.context.sleep(for: .seconds(2))
    return try await look()
  }

  private func look() async throws -> Campaign? {
    for index in 0..<Self.maximumPages {
      let page: Page = try await api.get(url(offset: index * Self.pageSize))
      let marked = page.campaigns.filter(marker.marks)
      // Should there be several: the one that departed, else the oldest.
      if let found = marked.first(where: { $0.phase == .departed }) ?? marked.last { return found }
      let end = index * Self.pageSize + page.campaigns.count
      if page.campaigns.isEmpty || end >= page.total_items ?? end { return nil }
    }
    throw OperationError(
      .unknownOutcome, "GET /campaigns lists too many new campaigns to tell whether one is missing",
      retry: .unknownOutcome)
  }

  private func url(offset: Int) -> String {
    "/campaigns?since_create_time=\(since.formatted(.iso8601))&sort_field=create_time&sort_dir=DESC"
      + "&count=\(Self.pageSize)\(offset == 0 ? "" : "&offset=\(offset)")"
      + "&fields=campaigns.id,campaigns.settings.title,campaigns.status,campaigns.web_id,total_items"
  }
}
