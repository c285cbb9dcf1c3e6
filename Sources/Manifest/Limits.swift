/// What the platform, and the host for its own sake, allow a connector.
package struct Limits: Sendable, Equatable {
  package var buckets: [String: Bucket]
  /// Buckets that every request of the connector passes.
  package var defaultBuckets: [String]
  /// One exchange, unless the request asks for less.
  package var timeout: Duration
  /// Bytes of one answer, unless the request asks for less.
  package var maximumResponse: Int
  package var operation: OperationLimits

  package struct Bucket: Sendable, Equatable {
    package enum Scope: String, Sendable, CaseIterable { case app, account, endpoint }

    package var scope: Scope
    /// Exchanges under way at once; nil for no bound.
    package var concurrent: Int?
    /// Exchanges a window; nil for no bound.
    ///
    /// Not enforced before the limiter exists.
    package var rate: Rate?

    package init(scope: Scope, concurrent: Int? = nil, rate: Rate? = nil) {
      self.scope = scope
      self.concurrent = concurrent
      self.rate = rate
    }
  }

  package struct Rate: Sendable, Equatable {
    package var count: Int
    package var window: Duration

    package init(count: Int, window: Duration) {
      self.count = count
      self.window = window
    }
  }

  /// The budgets of one operation.
  package struct OperationLimits: Sendable, Equatable {
    /// Thread CPU time of a turn over which it is counted as slow.
    package var turn: Duration
    /// Effects over the operation's life.
    package var effects: Int
    /// Effects outstanding at once.
    package var parallel: Int
    package var deadline: Duration
    /// A wait longer than this parks the operation.
    package var park: Duration

    package static let standard = OperationLimits(
      turn: .milliseconds(20), effects: 64, parallel: 8, deadline: .seconds(300),
      park: .seconds(30))

    package init(turn: Duration, effects: Int, parallel: Int, deadline: Duration, park: Duration) {
      self.turn = turn
      self.effects = effects
      self.parallel = parallel
      self.deadline = deadline
      self.park = park
    }
  }

  package static let standard = Limits(
    buckets: [:], defaultBuckets: [], timeout: .seconds(30), maximumResponse: 8 * 1024 * 1024,
    operation: .standard)

  package init(
    buckets: [String: Bucket] = [:], defaultBuckets: [String] = [], timeout: Duration, maximumResponse: Int,
    operation: OperationLimits = .standard
  ) {
    self.buckets = buckets
    self.defaultBuckets = defaultBuckets
    self.timeout = timeout
    self.maximumResponse = maximumResponse
    self.operation = operation
  }
}
