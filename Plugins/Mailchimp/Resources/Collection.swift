import ConnectorKit

/// A list of Mailchimp's, which comes in pages by offset and count.
struct Collection {
  /// The most that the platform gives at once.
  static let largestPage = 1_000
  private static let maximumPages = 10

  let api: API
  /// With its query but without the page.
  let url: String
  /// The member that holds the items.
  let name: String

  struct Page: Equatable {
    var items: [JSONValue]
    var total: Int
  }

  func page(offset: Int, count: Int) async throws -> Page {
    let join = url.contains("?") ? "&" : "?"
    let answer: JSONValue = try await api.get(
      "\(url)\(join)count=\(count)\(offset == 0 ? "" : "&offset=\(offset)")")
    guard let items = answer[name]?.elements else {
      throw OperationError(.upstream, "the platform's answer lacks \"\(name)\"")
    }
    guard case .integer(let total)? = answer["total_items"] else {
      return Page(items: items, total: offset + items.count)
    }
    return Page(items: items, total: Int(total))
  }

  /// The first item that matches, or a proof that there is none.
  ///
  /// - Throws: `OperationError` when a listing failed or was too long, so that absence is not proven.
  func first(where matches: (JSONValue) -> Bool) async throws -> JSONValue? {
    var offset = 0
    for _ in 0..<Self.maximumPages {
      let page = try await page(offset: offset, count: Self.largestPage)
      if let found = page.items.first(where: matches) { return found }
      offset += page.items.count
      if page.items.isEmpty || offset >= page.total { return nil }
    }
    throw OperationError(
      .unknownOutcome, "GET \(url) lists too many to tell whether one is missing", retry: .unknownOutcome)
  }
}
