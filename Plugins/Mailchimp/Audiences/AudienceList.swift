import ConnectorKit

/// The input of `audience.list`: one page when `count` is given, else everything from `offset` on.
struct AudienceListInput: Decodable {
  var offset: Int?
  var count: Int?
}

/// The account's audiences.
enum AudienceList {
  struct Page: Decodable {
    var lists: [Audience]
    var total_items: Int?
  }

  struct Output: Codable, Equatable {
    var audiences: [Audience.Output]
    var total: Int
  }

  /// Of one request, when the caller sets no count.
  static let pageSize = 100
  /// So many requests read 5,000 audiences; no account has as many.
  static let maximumPages = 50

  static func read(_ input: AudienceListInput, _ context: OperationContext) async throws -> Output {
    let offset = input.offset ?? 0
    guard (0...1_000_000).contains(offset) else {
      throw OperationError(.invalidInput, "offset is not between 0 and 1000000", pointer: "/offset")
    }
    guard let count = input.count else { return try await readAll(from: offset, context) }
    guard (1...1000).contains(count) else {
      throw OperationError(.invalidInput, "count is not between 1 and 1000", pointer: "/count")
    }
    let page = try await readPage(offset, count, context)
    return Output(audiences: page.lists.map(\.output), total: page.total_items ?? page.lists.count)
  }

  private static func readAll(from start: Int, _ context: OperationContext) async throws -> Output {
    var audiences: [Audience.Output] = []
    var seen: Set<Identifier> = []
    var offset = start
    var total: Int?
    for _ in 0..<maximumPages {
      let page = try await readPage(offset, pageSize, context)
      // A page that repeats what came before adds nothing, however often it is asked for.
      let new = page.lists.filter { seen.insert($0.id).inserted }
      audiences += new.map(\.output)
      offset += page.lists.count
      total = page.total_items
      if new.isEmpty || offset >= total ?? .max {
        return Output(audiences: audiences, total: total ?? audiences.count)
      }
    }
    throw OperationError(
      .upstream,
      "GET /lists did not end within \(maximumPages) pages; ask for single pages with offset and count")
  }

  private static func readPage(_ offset: Int, _ count: Int, _ context: OperationContext) async throws -> Page
  {
    try await API(context).get("/lists?count=\(count)&offset=\(offset)")
  }
}
