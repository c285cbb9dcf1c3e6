import Ports
import Synchronization

@testable import Egress

#if canImport(Glibc)
  import Glibc
#endif

/// A server on 127.0.0.1 whose every byte a test decides, on threads of its own.
///
/// Nothing waits longer than half a minute.
final class LoopbackServer: Sendable {
  struct Failure: Error {}

  private struct Seen {
    var connections = 0
    var requests: [String] = []
    var watchers: [(count: Int, waiter: CheckedContinuation<Void, Never>)] = []

    mutating func takeReadyWatchers() -> [CheckedContinuation<Void, Never>] {
      let ready = watchers.filter { $0.count <= requests.count }.map(\.waiter)
      watchers.removeAll { $0.count <= requests.count }
      return ready
    }
  }

  let port: UInt16
  private let listener: Int32
  private let seen = Mutex(Seen())
  private let serve: @Sendable (LoopbackConnection) -> Void

  /// - Parameter serve: runs on a thread of each connection, which is closed when it returns.
  init(_ serve: @escaping @Sendable (LoopbackConnection) -> Void) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, length) | listen(listener, 64)
          | getsockname(listener, pointer, &length)
      }
    }
    guard code == 0 else { throw Failure() }
    port = UInt16(bigEndian: address.sin_port)
    self.serve = serve
    // The thread ends when `stop` shuts the listener down.
    NamedThread.start("loopback") { [weak self] in
      while true {
        let accepted = accept(listener, nil, nil)
        guard accepted >= 0 else { return }
        self?.begin(accepted)
      }
    }
  }

  /// Connections accepted so far.
  var connections: Int { seen.withLock { $0.connections } }
  /// The requests that were read in full, head and body.
  var requests: [String] { seen.withLock { $0.requests } }

  /// Suspends until `count` requests were read.
  func waitForRequests(_ count: Int) async {
    await withCheckedContinuation { waiter in
      let ready = seen.withLock { seen in
        seen.watchers.append((count, waiter))
        return seen.takeReadyWatchers()
      }
      for waiter in ready { waiter.resume() }
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func note(_ request: String) {
    let ready = seen.withLock { seen in
      seen.requests.append(request)
      return seen.takeReadyWatchers()
    }
    for waiter in ready { waiter.resume() }
  }

  private func begin(_ socket: Int32) {
    let number = seen.withLock { seen in
      seen.connections += 1
      return seen.connections
    }
    let connection = LoopbackConnection(socket: socket, number: number) { [weak self] request in
      self?.note(request)
    }
    let serve = serve
    NamedThread.start("loopback") {
      serve(connection)
      connection.close()
    }
  }
}

/// One accepted connection, used on one thread.
final class LoopbackConnection: Sendable {
  /// From 1, in the order of acceptance.
  let number: Int
  private let socket: Int32
  private let note: @Sendable (String) -> Void
  private let isOpen = Mutex(true)

  init(socket: Int32, number: Int, note: @escaping @Sendable (String) -> Void) {
    self.socket = socket
    self.number = number
    self.note = note
    // Far longer than a test that waits for a processor may pause between two requests: a bound, not a time-out.
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    unsafe setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// The next request with its body, nil when the client is gone.
  @discardableResult
  func readRequest() -> String? {
    var text = ""
    while !isComplete(text) {
      var chunk = [UInt8](repeating: 0, count: 65536)
      let count = unsafe recv(socket, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      text += String(decoding: chunk.prefix(count), as: UTF8.self)
    }
    note(text)
    return text
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let rest = Array(bytes[sent...])
      let count = unsafe send(socket, rest, rest.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else { return }
      sent += count
    }
  }

  func answer(_ body: String = "ok", status: Int = 200, headers: String = "") {
    write("HTTP/1.1 \(status) Any\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
  }

  /// Returns when the client closes, which counts as a request `closed`, or after the connection's limit.
  func waitForClose() {
    var byte: UInt8 = 0
    let count = unsafe recv(socket, &byte, 1, 0)
    // A client that leaves before it has read everything resets the connection.
    if count == 0 || count < 0 && errno == ECONNRESET { note("closed") }
  }

  /// Closes with a reset instead of a goodbye.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    close()
  }

  func close() {
    let wasOpen = isOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
    if wasOpen { _ = Glibc.close(socket) }
  }

  private func isComplete(_ text: String) -> Bool {
    guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
    let length = text[..<end.lowerBound].lowercased().firstMatch(of: #/content-length: (\d+)/#).flatMap {
      Int($0.1)
    }
    return text[end.upperBound...].utf8.count >= length ?? 0
  }
}
