/// Who takes turns in a bucket: tenants do, and within a tenant its connections.
struct LimitLane: Sendable, Hashable {
  /// Opaque; empty where the host knows no tenants.
  var tenant = ""
  var connection: String
}
