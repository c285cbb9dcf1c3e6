internal import Glibc

/// Where lines go.
///
/// Called by the log's own thread only, and may block it.
package protocol LogSink: Sendable {
  /// - Parameter line: with its newline.
  /// - Returns: false when it is lost.
  func write(_ line: [UInt8]) -> Bool
}

/// A file descriptor, which stays its owner's to close.
package struct DescriptorSink: LogSink {
  private let descriptor: Int32

  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  package static let standardError = DescriptorSink(STDERR_FILENO)

  /// One `write` for the line; more only where the kernel took a part of it.
  package func write(_ line: [UInt8]) -> Bool {
    var written = 0
    while written < line.count {
      let count = unsafe line.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count > 0 {
        written += count
      } else if errno == EAGAIN {
        // Somebody made the descriptor non-blocking.
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&wanted, 1, 1000)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }
}
