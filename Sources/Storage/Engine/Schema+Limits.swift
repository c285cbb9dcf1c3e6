extension Schema {
  /// What was sent under rates with long windows and still counts.
  static let limits = """
    CREATE TABLE rate_counts (
      connector TEXT NOT NULL,
      bucket TEXT NOT NULL,
      subject TEXT NOT NULL,
      until INTEGER NOT NULL, -- when the last place comes free
      places BLOB NOT NULL, -- [[until, count], …] as JSON
      PRIMARY KEY (connector, bucket, subject)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX rate_counts_until ON rate_counts (until);
    """
}
