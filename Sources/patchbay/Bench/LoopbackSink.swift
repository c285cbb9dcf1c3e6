internal import Ports
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// A server on loopback that reads requests, counts the bytes of their bodies and keeps none.
final class LoopbackSink: Sendable {
  private let listener: Int32
  private let length = Mutex(0)
  let port: UInt16

  /// Of the last body.
  var lastLength: Int { length.withLock { $0 } }

  /// Calls `socket`, `bind`, `listen`.
  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, size) | listen(listener, 8)
          | getsockname(listener, pointer, &size)
      }
    }
    guard code == 0 else { throw CommandFailure(sentence: "no server can listen on loopback") }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    NamedThread.start("bench-server") { [weak self] in
      while true {
        let accepted = accept(listener, nil, nil)
        guard accepted >= 0 else { return }
        while self?.serve(accepted) == true {}
        close(accepted)
      }
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Reads one request and answers it; false when the client is gone.
  private func serve(_ socket: Int32) -> Bool {
    var head: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    var expected: Int?
    var seen = 0
    while expected.map({ seen < $0 }) ?? true {
      let count = unsafe recv(socket, &chunk, chunk.count, 0)
      guard count > 0 else { return false }
      if expected == nil {
        head += chunk[..<count]
        guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
        let lines = String(decoding: head[..<end.lowerBound], as: UTF8.self).lowercased().split(
          separator: "\r\n")
        let line = lines.first { $0.hasPrefix("content-length:") } ?? ""
        expected = line.split(separator: ":").last.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        seen = head.count - end.upperBound
      } else {
        seen += count
      }
    }
    length.withLock { $0 = seen }
    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
    return unsafe send(socket, answer, answer.count, Int32(MSG_NOSIGNAL)) == answer.count
  }
}
