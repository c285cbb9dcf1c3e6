/// How far each stream of each connection is, and the records that came of it.
package protocol SyncStore: Sendable {
  /// Adds streams that are not there; those that are, and those of connections that are gone, are left as they are.
  func add(_ syncs: [SyncState]) async throws(StoreError)
  /// Connections of a connector that have no such stream yet, oldest first: id and tenant.
  func connections(of connector: String, withoutStream stream: String, limit: Int) async throws(StoreError)
    -> [SyncOwner]
  /// In the order of their names.
  func syncs(connection: String, tenant: String) async throws(StoreError) -> [SyncState]
  /// For the host itself, which runs the syncs of all tenants.
  func sync(connection: String, stream: String) async throws(StoreError) -> SyncState?
  /// Those of one connector's stream whose connections publish and are not paused, the first due first.
  func nextSyncs(connector: String, stream: String, limit: Int) async throws(StoreError) -> [SyncState]
  /// Stores records and where the stream stands with them, in one transaction.
  ///
  /// A record of a known id whose content has changed replaces the old one; one that has not is not written.
  /// - Throws: `notFound` when the connection is gone; nothing is stored then.
  func commit(_ records: [SyncRecord], _ state: SyncState, now: UInt64) async throws(StoreError) -> SyncTally
  /// Makes a stream due at `time`, and nothing else.
  ///
  /// - Throws: `notFound`.
  func setDue(connection: String, tenant: String, stream: String, at time: UInt64) async throws(StoreError)
  /// Every stream of every connector, summed over its connections; of one tenant, or of all.
  func syncCensus(tenant: String?) async throws(StoreError) -> [SyncCensus]
  /// Newest first.
  func records(matching filter: RecordFilter, page: PageRequest) async throws(StoreError) -> Page<SyncRecord>
}

/// A connection that a stream can belong to.
package struct SyncOwner: Sendable, Equatable {
  package var connection: String
  package var tenant: String

  package init(connection: String, tenant: String) {
    self.connection = connection
    self.tenant = tenant
  }
}

/// Where one stream of one connection stands.
package struct SyncState: Sendable, Equatable {
  /// What one run reads; a run that was cut off is gone on with in the same one.
  package struct Window: Sendable, Equatable {
    /// Nil: from the beginning.
    package var since: UInt64?
    package var until: UInt64

    package init(since: UInt64?, until: UInt64) {
      self.since = since
      self.until = until
    }
  }

  package struct Failure: Sendable, Equatable {
    /// ``ConnectorModel/OutcomeCode/name``.
    package var code: String
    /// One sentence without secrets.
    package var message: String

    package init(code: String, message: String) {
      self.code = code
      self.message = message
    }
  }

  package var tenant: String
  package var connection: String
  package var connector: String
  package var stream: String
  /// What the connector said last, at a checkpoint or at the end; nil before.
  package var cursor: String?
  /// Nil between runs.
  package var window: Window?
  /// The end of the last window that was read whole; nanoseconds since 1970, as all times here.
  package var coveredUntil: UInt64?
  package var lastStarted: UInt64?
  package var lastSucceeded: UInt64?
  package var nextDue: UInt64
  /// Runs that failed since the last that succeeded.
  package var failures: Int
  /// Of the last run, if it failed or waits for a limit.
  package var failure: Failure?
  /// How often a run was begun.
  package var runs: Int
  /// Records of the last run that are stored, the unchanged ones too.
  package var runRecords: Int

  package init(
    tenant: String, connection: String, connector: String, stream: String, cursor: String? = nil,
    window: Window? = nil, coveredUntil: UInt64? = nil, lastStarted: UInt64? = nil,
    lastSucceeded: UInt64? = nil, nextDue: UInt64, failures: Int = 0, failure: Failure? = nil, runs: Int = 0,
    runRecords: Int = 0
  ) {
    self.tenant = tenant
    self.connection = connection
    self.connector = connector
    self.stream = stream
    self.cursor = cursor
    self.window = window
    self.coveredUntil = coveredUntil
    self.lastStarted = lastStarted
    self.lastSucceeded = lastSucceeded
    self.nextDue = nextDue
    self.failures = failures
    self.failure = failure
    self.runs = runs
    self.runRecords = runRecords
  }
}

/// Something that a platform reported of a post or an account, as the last sync that saw it found it.
package struct SyncRecord: Sendable, Equatable {
  package var tenant: String
  package var connection: String
  package var stream: String
  /// The connector's; unique in its stream.
  package var id: String
  /// What it is about: a platform's id of a post, for instance.
  package var subject: String
  package var kind: String
  /// The time that it is about; nil where the connector does not say: stored, it is when it was first seen.
  package var at: UInt64?
  /// Canonical JSON.
  package var value: [UInt8]
  /// When a sync first found it.
  package var firstSeen: UInt64
  /// When a sync last found it changed.
  package var updatedAt: UInt64

  package init(
    tenant: String, connection: String, stream: String, id: String, subject: String, kind: String,
    at: UInt64?,
    value: [UInt8], firstSeen: UInt64, updatedAt: UInt64? = nil
  ) {
    self.tenant = tenant
    self.connection = connection
    self.stream = stream
    self.id = id
    self.subject = subject
    self.kind = kind
    self.at = at
    self.value = value
    self.firstSeen = firstSeen
    self.updatedAt = updatedAt ?? firstSeen
  }
}

/// What became of the records of one checkpoint.
package struct SyncTally: Sendable, Equatable {
  package var new: Int
  /// Late data: known, and different from what was stored.
  package var changed: Int
  package var unchanged: Int

  package init(new: Int = 0, changed: Int = 0, unchanged: Int = 0) {
    self.new = new
    self.changed = changed
    self.unchanged = unchanged
  }
}

/// One stream of one connector, summed over connections.
package struct SyncCensus: Sendable, Equatable {
  package var connector: String
  package var stream: String
  package var connections: Int
  /// Those whose last run failed.
  package var failing: Int
  /// Those that no run has read whole yet.
  package var unread: Int
  /// The oldest end of what was read whole; nil when nothing was.
  package var coveredUntil: UInt64?

  package init(
    connector: String, stream: String, connections: Int, failing: Int, unread: Int, coveredUntil: UInt64?
  ) {
    self.connector = connector
    self.stream = stream
    self.connections = connections
    self.failing = failing
    self.unread = unread
    self.coveredUntil = coveredUntil
  }
}

/// Which records are wanted.
package struct RecordFilter: Sendable, Equatable {
  package var tenant: String
  package var connection: String
  package var stream: String?
  package var kind: String?
  /// All records of this subject; nil: the latest record of each.
  package var subject: String?
  /// From here.
  package var since: UInt64?
  /// Before here.
  package var until: UInt64?

  package init(
    tenant: String, connection: String, stream: String? = nil, kind: String? = nil, subject: String? = nil,
    since: UInt64? = nil, until: UInt64? = nil
  ) {
    self.tenant = tenant
    self.connection = connection
    self.stream = stream
    self.kind = kind
    self.subject = subject
    self.since = since
    self.until = until
  }
}
