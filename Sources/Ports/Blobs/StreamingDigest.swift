/// A SHA-256 of bytes that come one after the other.
package protocol StreamingDigest: Sendable {
  func update(_ bytes: [UInt8])
  /// The 32 bytes; nothing may follow.
  func finish() -> [UInt8]
}
