package import ConnectorModel

/// The connectors' own state, one scope per connection and connector.
package protocol KeyValueStore: Sendable {
  /// Performs one access. `now` is the frozen clock of the turn that pushed it, in nanoseconds since 1970.
  ///
  /// - Parameter effect: of an operation that may be replayed: the same effect again changes nothing and gets the
  ///   answer that it got.
  func perform(
    _ request: KeyValueRequest, connection: String, connector: String, now: UInt64, effect: ReplayableEffect?,
    deliver: @escaping @Sendable (KeyValueAnswer) -> Void)
}

/// Names an effect in a way that outlives the process.
package struct ReplayableEffect: Sendable, Hashable {
  package var job: String
  package var id: UInt64

  package init(job: String, id: UInt64) {
    self.job = job
    self.id = id
  }
}
