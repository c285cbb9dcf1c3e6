internal import GRDB
package import Ports

extension SQLiteStore {
  package func append(_ rows: [JournalRow], under lease: LeaseToken) async throws(StoreError) {
    try await write { database in
      let job = try database.first(
        "SELECT number FROM jobs WHERE id = ? AND state = 2 AND fence = ?", [lease.job, lease.fence.bits]
      ) { $0.integer() }
      guard let job else { throw lease.fenced }
      for row in rows {
        try database.run(
          "INSERT INTO journal (job, kind, effect, library, bytes) VALUES (?, ?, ?, ?, ?)",
          [job, row.kind.number, row.effect.bits, row.library, row.bytes.blob])
      }
    }
  }

  package func journal(of job: String) async throws(StoreError) -> [JournalRow] {
    try await read { database in
      try database.all(
        """
        SELECT kind, effect, library, bytes FROM journal WHERE job = (SELECT number FROM jobs WHERE id = ?)
        ORDER BY number
        """, [job]
      ) { row in
        let number = row.integer()
        guard let kind = JournalRow.Kind.allCases.first(where: { $0.number == number }) else {
          throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        return JournalRow(kind, effect: row.bits(), library: row.optionalText(), bytes: row.bytes())
      }
    }
  }

  package func journalCounts() async throws(StoreError) -> JournalCounts {
    try await read { database in
      try database.first(
        """
        SELECT (SELECT count(DISTINCT job) FROM journal), (
          SELECT count(DISTINCT job) FROM journal AS intent WHERE kind = 2 AND NOT EXISTS (
            SELECT 1 FROM journal
            WHERE job = intent.job AND effect = intent.effect AND kind = 3 AND number > intent.number))
        """
      ) { row in JournalCounts(operations: row.integer(), openIntents: row.integer()) }
        ?? JournalCounts(operations: 0, openIntents: 0)
    }
  }

  package func pinnedLibraries() async throws(StoreError) -> Set<String> {
    try await read { database in
      Set(
        try database.all("SELECT DISTINCT library FROM journal WHERE library IS NOT NULL") { $0.text() })
    }
  }
}

extension JournalRow.Kind {
  /// As the schema numbers them.
  fileprivate var number: Int {
    switch self {
    case .start: 0
    case .turn: 1
    case .intent: 2
    case .result: 3
    }
  }
}
