internal import Glibc

/// A TCP client that sees every byte and how the connection ends.
package struct RawClient: ~Copyable {
  private let descriptor: Int32

  package enum Ending: Equatable {
    /// The peer closed in order.
    case closed
    /// The peer reset the connection.
    case reset
    /// Nothing came for the given time, or enough was read.
    case open
  }

  package struct ConnectFailure: Error {}

  package init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw ConnectFailure() }
  }

  package func send(_ text: String) { send(bytes: Array(text.utf8)) }

  /// Returns when all is with the kernel, or the peer takes no more.
  package func send(bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads until the end, until `suffix` was read, or until nothing comes for `patienceMs`.
  package func read(until suffix: String? = nil, patienceMs: Int = 20_000) -> (text: String, ending: Ending) {
    var patience = timeval(tv_sec: patienceMs / 1000, tv_usec: patienceMs % 1000 * 1000)
    _ = unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
      let text = { String(decoding: received, as: UTF8.self) }
      if count == 0 { return (text(), .closed) }
      if count < 0 { return (text(), errno == ECONNRESET ? .reset : .open) }
      received += chunk.prefix(count)
      if let suffix, text().hasSuffix(suffix) { return (text(), .open) }
    }
  }

  /// Says that nothing more comes; the peer may go on.
  package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  deinit { close(descriptor) }
}
