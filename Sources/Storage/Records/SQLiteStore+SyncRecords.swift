internal import GRDB
package import Ports

extension SQLiteStore {
  private struct Place {
    var at: UInt64
    var number: Int64

    var cursor: String { "records.\(at).\(number)" }
  }

  package func records(matching filter: RecordFilter, page: PageRequest) async throws(StoreError)
    -> Page<SyncRecord>
  {
    try await read { database in
      let after = try Self.place(of: page)
      // With a subject its history, else no record that another of its subject is newer than.
      let latest = """
        AND NOT EXISTS (
          SELECT 1 FROM records AS newer WHERE newer.connection = records.connection
            AND newer.stream = records.stream AND newer.kind = records.kind AND newer.subject = records.subject
            AND (newer.at, newer.number) > (records.at, records.number) AND (?6 IS NULL OR newer.at < ?6))
        """
      let rows = try database.all(
        """
        SELECT at, number, tenant, connection, stream, id, subject, kind, value, first_seen, updated_at FROM records
        WHERE tenant = ?1 AND connection = ?2 AND (?3 IS NULL OR stream = ?3) AND (?4 IS NULL OR kind = ?4)
          AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6) AND (?7 IS NULL OR subject = ?7)
          AND (?8 IS NULL OR (at, number) < (?8, ?9))
          \(filter.subject == nil ? latest : "")
        ORDER BY at DESC, number DESC LIMIT ?10
        """,
        [
          filter.tenant, filter.connection, filter.stream, filter.kind?.blob, filter.since?.time,
          filter.until?.time, filter.subject?.blob, after?.at.time, after?.number, page.rows,
        ]
      ) { row in Self.record(&row) }
      let part = rows.prefix(page.limit)
      return Page(part.map(\.record), next: rows.count > page.limit ? part.last?.place.cursor : nil)
    }
  }

  private static func record(_ row: inout RowReader) -> (place: Place, record: SyncRecord) {
    let at = row.time()
    let place = Place(at: at, number: Int64(row.integer()))
    return (
      place,
      SyncRecord(
        tenant: row.text(), connection: row.text(), stream: row.text(), id: row.string(),
        subject: row.string(), kind: row.string(), at: at, value: row.bytes(), firstSeen: row.time(),
        updatedAt: row.time())
    )
  }

  /// Records move in their list when late data comes, so the cursor has the place and not the row.
  private static func place(of page: PageRequest) throws -> Place? {
    guard let after = page.after else { return nil }
    let parts = after.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "records", let at = UInt64(parts[1]), let number = Int64(parts[2])
    else {
      throw StoreError(.notFound, "The page to go on from is none of this list: ask for its first page.")
    }
    return Place(at: at, number: number)
  }
}
