/// Tells the same order from another under one idempotency key.
package enum OrderDigest {
  /// - Parameters:
  ///   - payload: canonical JSON, as in ``Job/payload``.
  ///   - scheduledFor: nanoseconds since 1970.
  ///   - hash: SHA-256.
  package static func make(payload: [UInt8], scheduledFor: UInt64?, hash: ([UInt8]) -> [UInt8]) -> [UInt8] {
    hash(canonical(payload: payload, scheduledFor: scheduledFor))
  }

  /// One canonical JSON object, since its parts are canonical and its keys sorted.
  static func canonical(payload: [UInt8], scheduledFor: UInt64?) -> [UInt8] {
    let time = scheduledFor.map(String.init) ?? "null"
    return Array(#"{"payload":"#.utf8) + payload + Array(#","scheduledFor":\#(time)}"#.utf8)
  }
}
