/// One rule of one bucket of a connector, as one tenant may see it now.
package struct LimitStatus: Sendable, Equatable {
  /// Whom the bucket is counted for.
  package enum Holder: Sendable, Equatable {
    /// Everybody who comes through the same app, other tenants included.
    case app
    /// The tenant's connections to one account.
    case connections([String])
    /// None of the tenant's connections uses it now.
    case nobody
  }

  package var connector: String
  package var bucket: String
  /// `app`, `account` or `endpoint`.
  package var scope: String
  package var holder: Holder
  /// For buckets of that scope that are in use.
  package var endpoint: String?
  /// `concurrency`, `rate`, `remaining`, `usage` or `quota`.
  package var rule: String
  /// `declared`, `header`, `body` or `adaptive`.
  package var source: String
  package var used: Int
  /// Nil when it is not known.
  package var limit: Int?
  /// How much of the limit there may be now; nil when it is not known.
  package var allowed: Int?
  package var remaining: Int?
  /// Of a rate.
  package var window: Duration?
  /// When all that is used is free again, nanoseconds since 1970.
  package var resetsAt: UInt64?
  /// When the next request may go, nanoseconds since 1970; nil for now, or when an exchange ends.
  package var nextAt: UInt64?
  package var inFlight: Int
  package var publishingWaiting: Int
  package var syncingWaiting: Int
  /// Why it is not simply as declared; empty when it is.
  package var reason: String

  package init(
    connector: String, bucket: String, scope: String, holder: Holder, endpoint: String? = nil, rule: String,
    source: String, used: Int, limit: Int? = nil, allowed: Int? = nil, remaining: Int? = nil,
    window: Duration? = nil, resetsAt: UInt64? = nil, nextAt: UInt64? = nil, inFlight: Int = 0,
    publishingWaiting: Int = 0, syncingWaiting: Int = 0, reason: String = ""
  ) {
    self.connector = connector
    self.bucket = bucket
    self.scope = scope
    self.holder = holder
    self.endpoint = endpoint
    self.rule = rule
    self.source = source
    self.used = used
    self.limit = limit
    self.allowed = allowed
    self.remaining = remaining
    self.window = window
    self.resetsAt = resetsAt
    self.nextAt = nextAt
    self.inFlight = inFlight
    self.publishingWaiting = publishingWaiting
    self.syncingWaiting = syncingWaiting
    self.reason = reason
  }
}

/// The circuit of one host that a tenant's connections talk to.
package struct CircuitStatus: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    /// Requests pass.
    case closed
    /// Nothing passes for a while.
    case open
    /// The next request, or one under way, finds out whether the host works again.
    case halfOpen = "half_open"
  }

  package var connector: String
  /// Scheme, host and port.
  package var host: String
  package var state: State
  /// In a row.
  package var failures: Int
  /// When the next request may find out, nanoseconds since 1970; nil unless it is open.
  package var probesAt: UInt64?

  package init(connector: String, host: String, state: State, failures: Int = 0, probesAt: UInt64? = nil) {
    self.connector = connector
    self.host = host
    self.state = state
    self.failures = failures
    self.probesAt = probesAt
  }
}

/// What a tenant may see of all limits at one moment.
package struct LimitsOverview: Sendable, Equatable {
  /// Nanoseconds since 1970.
  package var at: UInt64
  package var limits: [LimitStatus]
  package var circuits: [CircuitStatus]

  package init(at: UInt64, limits: [LimitStatus], circuits: [CircuitStatus]) {
    self.at = at
    self.limits = limits
    self.circuits = circuits
  }
}
