-- A file of schema version 4, as it was released: never change it, add the next one.
CREATE TABLE host (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last_fence INTEGER NOT NULL, -- of the latest lease; leases are numbered across all jobs
  checks INTEGER NOT NULL
) STRICT;
INSERT INTO host VALUES (1, 0, 0);

CREATE TABLE tenants (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  data_key BLOB
) STRICT;

CREATE TABLE api_keys (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  digest BLOB NOT NULL,
  scopes BLOB NOT NULL,
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_tenant ON api_keys (tenant);

CREATE TABLE connections (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  connector TEXT NOT NULL,
  account_id TEXT,
  account_name TEXT,
  account_facts BLOB NOT NULL,
  variables BLOB NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  is_paused INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX connections_tenant ON connections (tenant, number);

CREATE TABLE secrets (
  connection TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
  tenant TEXT NOT NULL,
  field TEXT NOT NULL,
  alternative INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (connection, field)
) STRICT;

CREATE TABLE jobs (
  number INTEGER PRIMARY KEY AUTOINCREMENT, -- grows with age
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  connection TEXT NOT NULL,
  connector TEXT NOT NULL,
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 8),
  priority INTEGER NOT NULL,
  available_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL, -- age counts from here
  finished_at INTEGER,
  in_ledger INTEGER NOT NULL, -- answers for its key
  fence INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  worker TEXT NOT NULL,
  is_cancelled INTEGER NOT NULL, -- somebody wants it to end
  must_reconcile INTEGER NOT NULL,
  back_to INTEGER, -- of a held one: the state that it gets when its connection is well again
  runs INTEGER NOT NULL, -- attempts that ended, those that did not count too
  attempts INTEGER NOT NULL,
  timeouts INTEGER NOT NULL,
  misfire TEXT NOT NULL,
  action TEXT NOT NULL,
  idempotency_key BLOB NOT NULL,
  digest BLOB NOT NULL,
  scheduled_for INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  retry_of TEXT,
  note TEXT NOT NULL,
  error BLOB,
  result BLOB,
  payload BLOB NOT NULL,
  CHECK ((finished_at IS NOT NULL) = (state IN (3, 6, 7, 8)))
) STRICT;
CREATE UNIQUE INDEX jobs_ledger ON jobs (tenant, connection, idempotency_key) WHERE in_ledger = 1;
CREATE INDEX jobs_ledger_end ON jobs (finished_at) WHERE in_ledger = 1 AND finished_at IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs (connection, state, priority, available_at)
  WHERE state = 0 OR state = 1 OR state = 4 OR state = 5;
CREATE INDEX jobs_due ON jobs (available_at) WHERE state = 0 OR state = 4;
CREATE INDEX jobs_leases ON jobs (lease_until) WHERE state = 2;
CREATE INDEX jobs_age ON jobs (due_at) WHERE finished_at IS NULL;
CREATE INDEX jobs_open ON jobs (tenant, number) WHERE finished_at IS NULL;
CREATE INDEX jobs_odd_ends ON jobs (tenant, state, number) WHERE state = 6 OR state = 7 OR state = 8;
CREATE INDEX jobs_tenant ON jobs (tenant, number);
CREATE INDEX jobs_connection ON jobs (connection, number);

CREATE TABLE pauses (
  connector TEXT PRIMARY KEY -- empty: everything
) STRICT;

-- Who is served next: the tenant that was served longest ago of those that have a lane ready.
CREATE TABLE turns (
  tenant TEXT PRIMARY KEY,
  served INTEGER NOT NULL DEFAULT 0, -- the fence of its latest lease
  ready INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0), -- lanes
  scheduled INTEGER NOT NULL DEFAULT 0 CHECK (scheduled >= 0), -- jobs, here and below
  pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0),
  processing INTEGER NOT NULL DEFAULT 0 CHECK (processing >= 0),
  published INTEGER NOT NULL DEFAULT 0 CHECK (published >= 0),
  retrying INTEGER NOT NULL DEFAULT 0 CHECK (retrying >= 0),
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  unknown INTEGER NOT NULL DEFAULT 0 CHECK (unknown >= 0),
  dead INTEGER NOT NULL DEFAULT 0 CHECK (dead >= 0)
) STRICT;
CREATE INDEX turns_ready ON turns (served) WHERE ready > 0;

-- One for each connection that has or had jobs.
CREATE TABLE lanes (
  connection TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  connector TEXT NOT NULL,
  blocked INTEGER NOT NULL, -- 1: by its connection, 2: by a pause of its connector, 3: by both
  served INTEGER NOT NULL DEFAULT 0,
  pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0), -- jobs
  leased INTEGER NOT NULL DEFAULT 0 CHECK (leased IN (0, 1)), -- jobs: one at a time
  ready INTEGER NOT NULL GENERATED ALWAYS AS (pending > 0 AND leased = 0 AND blocked = 0) VIRTUAL
) STRICT;
CREATE INDEX lanes_ready ON lanes (tenant, served) WHERE ready = 1;

CREATE TRIGGER lanes_added AFTER INSERT ON lanes WHEN new.ready = 1 BEGIN
  UPDATE turns SET ready = ready + 1 WHERE tenant = new.tenant;
END;
CREATE TRIGGER lanes_changed AFTER UPDATE ON lanes WHEN old.ready <> new.ready BEGIN
  UPDATE turns SET ready = ready + new.ready - old.ready WHERE tenant = new.tenant;
END;
CREATE TRIGGER lanes_removed AFTER DELETE ON lanes WHEN old.ready = 1 BEGIN
  UPDATE turns SET ready = ready - 1 WHERE tenant = old.tenant;
END;

CREATE TRIGGER jobs_added AFTER INSERT ON jobs BEGIN
  INSERT INTO turns (tenant, scheduled, pending, held)
    VALUES (new.tenant, new.state = 0, new.state = 1, new.state = 5) ON CONFLICT DO UPDATE SET
    scheduled = scheduled + excluded.scheduled, pending = pending + excluded.pending, held = held + excluded.held;
  INSERT INTO lanes (connection, tenant, connector, blocked, pending) VALUES (
    new.connection, new.tenant, new.connector,
    2 * EXISTS (SELECT 1 FROM pauses WHERE connector = new.connector), new.state = 1)
    ON CONFLICT DO UPDATE SET pending = pending + excluded.pending WHERE excluded.pending > 0;
END;

CREATE TRIGGER jobs_moved AFTER UPDATE OF state ON jobs WHEN old.state <> new.state BEGIN
  UPDATE turns SET
    served = max(served, new.fence),
    scheduled = scheduled + (new.state = 0) - (old.state = 0),
    pending = pending + (new.state = 1) - (old.state = 1),
    processing = processing + (new.state = 2) - (old.state = 2),
    published = published + (new.state = 3) - (old.state = 3),
    retrying = retrying + (new.state = 4) - (old.state = 4),
    held = held + (new.state = 5) - (old.state = 5),
    cancelled = cancelled + (new.state = 6) - (old.state = 6),
    unknown = unknown + (new.state = 7) - (old.state = 7),
    dead = dead + (new.state = 8) - (old.state = 8)
    WHERE tenant = new.tenant;
  UPDATE lanes SET
    served = max(served, new.fence),
    pending = pending + (new.state = 1) - (old.state = 1),
    leased = leased + (new.state = 2) - (old.state = 2)
    WHERE connection = new.connection AND (old.state IN (1, 2) OR new.state IN (1, 2));
END;

-- A lease that ran out and was given to another.
CREATE TRIGGER jobs_leased_again AFTER UPDATE OF fence ON jobs
  WHEN old.state = new.state AND old.fence <> new.fence BEGIN
  UPDATE turns SET served = new.fence WHERE tenant = new.tenant;
  UPDATE lanes SET served = new.fence WHERE connection = new.connection;
END;

CREATE TABLE attempts (
  job INTEGER NOT NULL, -- jobs.number
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  result TEXT NOT NULL,
  error BLOB,
  queue_us INTEGER NOT NULL,
  limiter_us INTEGER NOT NULL,
  token_us INTEGER NOT NULL,
  connector_us INTEGER NOT NULL,
  network_us INTEGER NOT NULL,
  journal_us INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  was_replayed INTEGER NOT NULL,
  PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  job INTEGER NOT NULL, -- jobs.number
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retried_as TEXT,
  dropped_at INTEGER
) STRICT;
CREATE INDEX dead_letters_tenant ON dead_letters (tenant, number);
CREATE INDEX dead_letters_open ON dead_letters (tenant, number)
  WHERE retried_as IS NULL AND dropped_at IS NULL;
CREATE INDEX dead_letters_job ON dead_letters (job);

CREATE TABLE posts (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  job TEXT NOT NULL,
  connection TEXT NOT NULL,
  external_id TEXT NOT NULL,
  url TEXT,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX posts_tenant ON posts (tenant, number);

CREATE TABLE journal (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER NOT NULL, -- jobs.number
  kind INTEGER NOT NULL, -- 0 start, 1 turn, 2 intent, 3 result
  effect INTEGER NOT NULL,
  library TEXT,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX journal_job ON journal (job);
CREATE INDEX journal_intents ON journal (job, effect) WHERE kind = 2;
CREATE INDEX journal_results ON journal (job, effect) WHERE kind = 3;
CREATE INDEX journal_libraries ON journal (library) WHERE library IS NOT NULL;

CREATE TABLE kv_scopes (
  number INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,
  connection TEXT NOT NULL,
  connector TEXT NOT NULL,
  last_version INTEGER NOT NULL, -- grows also after a delete
  UNIQUE (connection, connector, tenant)
) STRICT;
CREATE TABLE kv_entries (
  scope INTEGER NOT NULL REFERENCES kv_scopes (number) ON DELETE CASCADE,
  key BLOB NOT NULL,
  version INTEGER NOT NULL,
  expires_at INTEGER,
  value BLOB NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT;
-- What an operation was answered, for its replay.
CREATE TABLE kv_effects (
  job TEXT NOT NULL, -- jobs.id
  effect INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  version INTEGER NOT NULL,
  message TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (job, effect)
) STRICT;

CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_tenant ON audit (tenant, number);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;
-- INSERT OR REPLACE deletes without firing the trigger above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
  WHEN EXISTS (SELECT 1 FROM audit WHERE number = new.number) BEGIN
  SELECT RAISE(ABORT, 'the audit trail is append-only');
END;

CREATE TABLE health_checks (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  connection TEXT NOT NULL,
  tenant TEXT NOT NULL,
  is_healthy INTEGER NOT NULL,
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX health_checks_connection ON health_checks (connection, at);

CREATE TABLE webhook_events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  connector TEXT NOT NULL,
  tenant TEXT,
  deduplication_key BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  headers BLOB NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (connector, deduplication_key)
) STRICT;
CREATE INDEX webhook_events_time ON webhook_events (connector, received_at);

CREATE TABLE metrics_snapshots (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant TEXT NOT NULL,
  connection TEXT NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  metrics BLOB NOT NULL
) STRICT;
CREATE INDEX metrics_snapshots_connection ON metrics_snapshots (connection, number);

-- What a host of version 1 may have left behind.
INSERT INTO tenants (id, created_at, data_key) VALUES ('acme', 1767225600000000000, x'0102');
INSERT INTO api_keys (id, tenant, digest, scopes, label, created_at)
  VALUES ('abcd1234', 'acme', x'aa', CAST('["publish","read"]' AS BLOB), 'ci', 1767225600000000000);
INSERT INTO connections (id, tenant, connector, account_id, account_facts, variables, state, reason, is_paused,
  created_at, updated_at, version)
  VALUES ('con_1', 'acme', 'mailchimp', 'a17', CAST('{}' AS BLOB), CAST('{"dc":"us19"}' AS BLOB), 'healthy', '', 0,
    1767225600000000000, 1767225600000000000, 3);
INSERT INTO secrets VALUES ('con_1', 'acme', 'key', 0, 2, x'010203');
INSERT INTO jobs (id, tenant, connection, connector, state, priority, available_at, due_at, finished_at, in_ledger,
  fence, lease_until, worker, is_cancelled, must_reconcile, runs, attempts, timeouts, misfire, action, idempotency_key,
  digest, created_at, updated_at, note, payload)
  VALUES ('job_running', 'acme', 'con_1', 'mailchimp', 1, 0, 1767225600000000000, 1767225600000000000, NULL, 1,
    0, 0, '', 0, 0, 0, 0, 0, 'publish', 'campaign.publish', CAST('a' AS BLOB), x'01', 1767225600000000000,
    1767225600000000000, '', CAST('{}' AS BLOB));
INSERT INTO jobs (id, tenant, connection, connector, state, priority, available_at, due_at, finished_at, in_ledger,
  fence, lease_until, worker, is_cancelled, must_reconcile, runs, attempts, timeouts, misfire, action, idempotency_key,
  digest, created_at, updated_at, note, payload)
  VALUES ('job_waiting', 'acme', 'con_1', 'mailchimp', 1, 0, 1767225600000000000, 1767225600000000000, NULL, 1,
    0, 0, '', 0, 0, 0, 0, 0, 'publish', 'campaign.publish', CAST('b' AS BLOB), x'01', 1767225600000000000,
    1767225600000000000, '', CAST('{}' AS BLOB));
INSERT INTO jobs (id, tenant, connection, connector, state, priority, available_at, due_at, finished_at, in_ledger,
  fence, lease_until, worker, is_cancelled, must_reconcile, runs, attempts, timeouts, misfire, action, idempotency_key,
  digest, created_at, updated_at, note, payload)
  VALUES ('job_dead', 'acme', 'con_2', 'mailchimp', 1, 0, 1767225600000000000, 1767225600000000000, NULL, 1,
    0, 0, '', 0, 0, 0, 0, 0, 'publish', 'campaign.publish', CAST('c' AS BLOB), x'01', 1767225600000000000,
    1767225600000000000, '', CAST('{}' AS BLOB));
UPDATE jobs SET state = 2, fence = 1, lease_until = 1767225660000000000, worker = 'w0' WHERE id = 'job_dead';
UPDATE jobs SET state = 8, finished_at = 1767225601000000000, runs = 1, attempts = 1,
  error = CAST('{"action":"","code":"policy","message":"refused"}' AS BLOB) WHERE id = 'job_dead';
INSERT INTO attempts VALUES (3, 1, 1767225600000000000, 1767225601000000000, 'failed', NULL, 1, 2, 3, 4, 5, 6, 1, 0);
INSERT INTO dead_letters (id, tenant, job, reason, created_at)
  VALUES ('dlq_1', 'acme', 3, 'unretryable_error', 1767225601000000000);
UPDATE jobs SET state = 2, fence = 2, lease_until = 1767225660000000000, worker = 'w0' WHERE id = 'job_running';
UPDATE host SET last_fence = 2;
INSERT INTO journal (job, kind, effect, library, bytes) VALUES (1, 0, 0, 'ab12', x'00'), (1, 2, 5, NULL, x'01');
INSERT INTO kv_scopes VALUES (1, 'acme', 'con_1', 'mailchimp', 4);
INSERT INTO kv_entries VALUES (1, CAST('cursor' AS BLOB), 4, NULL, x'07');
INSERT INTO audit (tenant, actor, event, subject, detail, at)
  VALUES ('acme', 'host', 'connection.added', 'con_1', '', 1767225600000000000);
INSERT INTO pauses VALUES ('meta');
PRAGMA user_version = 5;
ALTER TABLE kv_effects ADD COLUMN request INTEGER NOT NULL DEFAULT 0;
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
INSERT INTO sync_states VALUES ('con_1', 'reports', 'acme', 'mailchimp', CAST('p2' AS BLOB), NULL, 1767225600000000000,
  NULL, 1767225600000000000, NULL, 1767225600000000000, 1, 'upstream', 'm', 1, 1);
INSERT INTO records VALUES (1, 'acme', 'con_1', 'reports', CAST('r' AS BLOB), CAST('c1' AS BLOB), CAST('campaign' AS BLOB),
  1767225600000000000, 1767225600000000000, 1767225600000000000, CAST('{}' AS BLOB));
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

CREATE TABLE rate_counts (
  connector TEXT NOT NULL,
  bucket TEXT NOT NULL,
  subject TEXT NOT NULL,
  until INTEGER NOT NULL, -- when the last place comes free
  places BLOB NOT NULL, -- [[until, count], …] as JSON
  PRIMARY KEY (connector, bucket, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_counts_until ON rate_counts (until);
