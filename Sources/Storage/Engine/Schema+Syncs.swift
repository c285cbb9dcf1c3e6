extension Schema {
  /// Streams, their records, and what a sweep of old rows needs in order to find them.
  static let syncs = """
    -- Never written to: records are what a platform reported.
    DROP TABLE metrics_snapshots;

    CREATE TABLE sync_states (
      connection TEXT NOT NULL,
      stream TEXT NOT NULL,
      tenant TEXT NOT NULL,
      connector TEXT NOT NULL,
      cursor BLOB,
      window_since INTEGER, -- of a run that has not ended well
      window_until INTEGER,
      covered_until INTEGER,
      last_started INTEGER,
      last_succeeded INTEGER,
      next_due INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      error_code TEXT,
      error_message TEXT,
      runs INTEGER NOT NULL,
      run_records INTEGER NOT NULL,
      PRIMARY KEY (connection, stream)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sync_states_due ON sync_states (connector, stream, next_due);

    CREATE TABLE records (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      tenant TEXT NOT NULL,
      connection TEXT NOT NULL,
      stream TEXT NOT NULL,
      id BLOB NOT NULL,
      subject BLOB NOT NULL,
      kind BLOB NOT NULL,
      at INTEGER NOT NULL,
      first_seen INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      value BLOB NOT NULL,
      UNIQUE (connection, stream, id)
    ) STRICT;
    CREATE INDEX records_newest ON records (connection, at, number);
    CREATE INDEX records_subject ON records (connection, stream, kind, subject, at, number);
    CREATE INDEX records_age ON records (updated_at);

    CREATE INDEX jobs_end ON jobs (finished_at) WHERE finished_at IS NOT NULL AND in_ledger = 0;
    CREATE INDEX health_checks_age ON health_checks (at);
    CREATE INDEX dead_letters_handled ON dead_letters (created_at)
      WHERE retried_as IS NOT NULL OR dropped_at IS NOT NULL;
    CREATE TRIGGER jobs_removed AFTER DELETE ON jobs BEGIN
      UPDATE turns SET
        published = published - (old.state = 3),
        cancelled = cancelled - (old.state = 6),
        unknown = unknown - (old.state = 7),
        dead = dead - (old.state = 8)
        WHERE tenant = old.tenant;
    END;
    """
}
