package import ConnectorModel

/// The connectors' own state, one scope per connection and connector.
package protocol KeyValueStore: Sendable {
  /// Performs one access. `now` is the frozen clock of the turn that pushed it, in nanoseconds since 1970.
  func perform(
    _ request: KeyValueRequest, connection: String, connector: String, now: UInt64,
    deliver: @escaping @Sendable (KeyValueAnswer) -> Void)
}
