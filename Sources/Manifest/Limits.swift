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
