internal import GRDB
package import Ports

extension SQLiteStore {
  private static let postColumns = "number, id, tenant, job, connection, external_id, url, state, created_at"

  private static func readPost(_ row: inout RowReader) throws -> (Int64, Post) {
    let number = Int64(row.integer())
    return (
      number,
      Post(
        id: row.text(), tenant: row.text(), job: row.text(), connection: row.text(), externalID: row.text(),
        url: row.optionalText(), state: try row.choice(), createdAt: row.time())
    )
  }

  package func post(_ id: String, tenant: String) async throws(StoreError) -> Post? {
    try await read { database in
      try database.first(
        "SELECT \(Self.postColumns) FROM posts WHERE id = ? AND tenant = ?", [id, tenant], Self.readPost)?.1
    }
  }

  package func posts(tenant: String, page: PageRequest) async throws(StoreError) -> Page<Post> {
    try await read { database in
      let rows = try database.all(
        "SELECT \(Self.postColumns) FROM posts WHERE tenant = ? AND number < ? ORDER BY number DESC LIMIT ?",
        [tenant, try page.position("posts") ?? .max, page.rows], Self.readPost)
      return page.page("posts", rows)
    }
  }
}
