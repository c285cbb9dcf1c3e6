/// What fuzzing changes.
package enum FuzzKind: String, Sendable, Codable, CaseIterable {
  /// What operations are given: what the schema allows, and what it nearly allows.
  case input
  /// What the platform answers.
  case response
  /// Order and batching of results, faults, and when the host gives up.
  case events
  /// What the connector is started with.
  case config
}
