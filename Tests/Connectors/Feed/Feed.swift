public import ConnectorKit

/// A connector for tests of syncs: its platform is its own state, into which the test has put pages.
enum Feed: Connector {
  static let id = "feed"
  static let version = "1.0.0"

  static var operations: [Operation] {
    Sync("items") { window, context in try await Items(window, context).read() }
  }
}

/// Reads pages of records: a checkpoint after each, and at the end only what comes after the window's begin.
struct Items {
  struct Page: Decodable {
    var records: [JSONValue]
    /// Seconds to wait before the page is read.
    var sleep: Int?
    /// The code to fail with instead, once the records are emitted.
    var fails: String?
    /// No checkpoint follows it.
    var isUnmarked: Bool?
    /// Seconds until it may be tried again.
    var retryAfter: Int?
  }

  private let window: SyncWindow
  private let context: OperationContext

  init(_ window: SyncWindow, _ context: OperationContext) {
    self.window = window
    self.context = context
  }

  func read() async throws -> SyncEnd {
    var number = window.cursor.flatMap { Int($0) } ?? 0
    while let entry = try await context.kv.get("page/\(number)") {
      let page = try StableJSON.decode(Page.self, from: entry.value)
      if let sleep = page.sleep { try await context.sleep(for: .seconds(sleep)) }
      for record in page.records where isWanted(record) { try context.emit("record", record) }
      if let code = page.fails { throw failure(code, page.retryAfter) }
      number += 1
      if page.isUnmarked != true { try context.emit("checkpoint", SyncEnd(cursor: "\(number)")) }
    }
    // The next run reads all of it again, and leaves out what is older than its window.
    return SyncEnd(cursor: nil)
  }

  private func isWanted(_ record: JSONValue) -> Bool {
    guard let since = window.since, let at = record["at"]?.text else { return true }
    return at >= since
  }

  private func failure(_ code: String, _ retryAfter: Int?) -> OperationError {
    let codes: [OutcomeCode] = [.upstream, .unauthenticated, .rateLimited, .permission]
    return OperationError(
      codes.first { $0.name == code } ?? .unknown, "the feed says \(code)",
      retry: retryAfter.map { .after(.seconds($0)) } ?? .no)
  }
}

/// The library's only exported symbol.
@c(patchbay_connector_entry_v1)
public func entry(
  _ minor: UInt16, _ report: UnsafePointer<patchbay_out>?
) -> UnsafePointer<patchbay_connector>? {
  unsafe ConnectorEntry.table(of: Feed.self, hostMinor: minor, report: report)
}
