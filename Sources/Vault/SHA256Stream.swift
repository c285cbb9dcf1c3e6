internal import Ports
internal import Synchronization

/// SHA-256 of bytes that come one after the other.
package final class SHA256Stream: StreamingDigest {
  private let context = Mutex(DigestContext())

  package init() {}

  package func update(_ bytes: [UInt8]) { context.withLock { $0.update(bytes) } }

  package func finish() -> [UInt8] { context.withLock { $0.finish() } }
}
