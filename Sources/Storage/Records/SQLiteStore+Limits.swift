internal import ConnectorModel
internal import GRDB
package import Ports

extension SQLiteStore {
  package func keep(_ counts: [RateCount], connector: String, now: UInt64) async throws(StoreError) {
    try await write { database in
      try database.run("DELETE FROM rate_counts WHERE until <= ?", [now.time])
      for count in counts {
        guard let last = count.places.map(\.until).max() else {
          try database.run(
            "DELETE FROM rate_counts WHERE connector = ? AND bucket = ? AND subject = ?",
            [connector, count.bucket, count.subject])
          continue
        }
        let places = try StableJSON.encode(count.places.map { [Int64($0.until.time), Int64($0.count)] })
        try database.run(
          """
          INSERT INTO rate_counts (connector, bucket, subject, until, places) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET until = excluded.until, places = excluded.places
          """, [connector, count.bucket, count.subject, last.time, places.blob])
      }
    }
  }

  package func rateCounts(now: UInt64) async throws(StoreError) -> [String: [RateCount]] {
    let rows = try await read { database in
      try database.all(
        "SELECT connector, bucket, subject, places FROM rate_counts WHERE until > ? ORDER BY bucket, subject",
        [now.time]
      ) { row in
        (
          connector: row.text(),
          count: RateCount(bucket: row.text(), subject: row.text(), places: try row.places(after: now))
        )
      }
    }
    return Dictionary(grouping: rows, by: \.connector).mapValues { $0.map(\.count) }
  }
}

extension RowReader {
  fileprivate mutating func places(after now: UInt64) throws -> [RateCount.Places] {
    try json([[Int64]].self).compactMap { pair in
      guard pair.count == 2, pair[0] > 0, pair[1] > 0 else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT)
      }
      let until = UInt64(pair[0])
      return until > now ? RateCount.Places(until: until, count: Int(pair[1])) : nil
    }
  }
}
