extension Schema {
  /// What blobs there are and who needs them; their bytes lie in files named after their digest.
  static let blobs = """
    CREATE TABLE blobs (
      sha256 TEXT PRIMARY KEY,
      size INTEGER NOT NULL,
      type TEXT NOT NULL,
      width INTEGER,
      height INTEGER,
      duration_ms INTEGER,
      needed_at INTEGER NOT NULL -- the last time that somebody needed it, or ceased to
    ) STRICT;
    CREATE INDEX blobs_needed ON blobs (needed_at);

    CREATE TABLE uploads (
      id TEXT PRIMARY KEY,
      tenant TEXT NOT NULL,
      sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX uploads_blob ON uploads (sha256);
    CREATE INDEX uploads_age ON uploads (created_at);
    CREATE INDEX uploads_tenant ON uploads (tenant);

    CREATE TABLE job_blobs (
      job TEXT NOT NULL, -- jobs.id; noted before the job itself
      number INTEGER NOT NULL, -- within its operation
      tenant TEXT NOT NULL,
      sha256 TEXT NOT NULL REFERENCES blobs (sha256),
      noted_at INTEGER NOT NULL,
      PRIMARY KEY (job, number)
    ) STRICT;
    CREATE INDEX job_blobs_blob ON job_blobs (sha256);
    CREATE INDEX job_blobs_tenant ON job_blobs (tenant);
    """
}
