package import Ports

/// A stream of a connection as applications see it.
package struct SyncStatus: Sendable, Equatable {
  package enum Condition: String, Sendable, CaseIterable {
    /// Nothing was read whole yet: what there is says nothing of what there is not.
    case unavailable
    case current
    /// The last run failed, or is overdue.
    case stale
  }

  package var state: SyncState
  package var condition: Condition
  package var isRunning: Bool
  /// Its connection or connector is paused, needs a person, or does not run: no run comes.
  package var isPaused: Bool

  package init(state: SyncState, condition: Condition, isRunning: Bool, isPaused: Bool) {
    self.state = state
    self.condition = condition
    self.isRunning = isRunning
    self.isPaused = isPaused
  }
}

/// Which of a connection's records are wanted.
package struct AnalyticsQuery: Sendable, Equatable {
  package var stream: String?
  package var kind: String?
  /// All records of this subject; nil: the latest of each.
  package var subject: String?
  /// From here, in nanoseconds since 1970.
  package var since: UInt64?
  /// Before here.
  package var until: UInt64?

  package init(
    stream: String? = nil, kind: String? = nil, subject: String? = nil, since: UInt64? = nil,
    until: UInt64? = nil
  ) {
    self.stream = stream
    self.kind = kind
    self.subject = subject
    self.since = since
    self.until = until
  }
}

/// How far behind a stream is.
package struct SyncLag: Sendable, Equatable {
  package var census: SyncCensus
  /// The age of what is known at the connection that is furthest behind; nil when nothing is known of any.
  package var seconds: Double?

  package init(census: SyncCensus, seconds: Double?) {
    self.census = census
    self.seconds = seconds
  }
}

/// What is known of a connection's posts and account, and how well.
package struct Analytics: Sendable {
  package var streams: [SyncStatus]
  package var records: Page<SyncRecord>

  package init(streams: [SyncStatus], records: Page<SyncRecord>) {
    self.streams = streams
    self.records = records
  }
}
