internal import CCurl
internal import Ports

#if canImport(Glibc)
  internal import Glibc
#endif

/// Which of libcurl's sockets are ready, and when it wants to go on without one: epoll.
///
/// Belongs to the egress thread. A connection in the pool stays known to the kernel, so that using it again costs no
/// system call; an event that nobody wants takes it out.
final class SocketWatch {
  private struct Interest {
    /// What libcurl wants now.
    var wanted: Int32
    /// What the kernel has been told; nil when it does not know the socket.
    var told: Int32?
    /// Opened for a connection, whose closing will be told: only such a socket may stay with the kernel unwanted.
    let isConnection: Bool
  }

  private let epoll: Int32
  private let bell: WakeUp
  private var interests: [Int32: Interest] = [:]
  private var deadline: ContinuousClock.Instant?
  private var found = [ccurl_ready](repeating: ccurl_ready(), count: 64)

  /// Nil when the process has no descriptor left.
  init?(bell: WakeUp) {
    epoll = ccurl_watch_open()
    self.bell = bell
    guard epoll >= 0, ccurl_watch_set(epoll, bell.descriptor, CURL_POLL_IN, 0) == 0 else { return nil }
  }

  deinit { if epoll >= 0 { _ = Glibc.close(epoll) } }

  // MARK: What libcurl says

  func opened(_ socket: Int32) {
    interests[socket] = Interest(wanted: CURL_POLL_NONE, told: nil, isConnection: true)
  }

  /// Closes it, and so takes it out of epoll.
  func close(_ socket: Int32) {
    interests[socket] = nil
    _ = Glibc.close(socket)
  }

  /// - Parameter wish: `CURL_POLL_IN` and so on.
  func wish(_ wish: Int32, of socket: Int32) {
    var interest =
      interests[socket] ?? Interest(wanted: CURL_POLL_NONE, told: nil, isConnection: false)
    interest.wanted = wish == CURL_POLL_REMOVE ? CURL_POLL_NONE : wish
    if interest.wanted == CURL_POLL_NONE {
      if !interest.isConnection { forget(socket, &interest) }
    } else if interest.told != wish {
      let isTold = ccurl_watch_set(epoll, socket, wish, interest.told == nil ? 0 : 1) == 0
      interest.told = isTold ? wish : nil
    }
    interests[socket] = interest.isConnection || interest.told != nil ? interest : nil
  }

  private func forget(_ socket: Int32, _ interest: inout Interest) {
    if interest.told != nil { _ = ccurl_watch_set(epoll, socket, CURL_POLL_REMOVE, 1) }
    interest.told = nil
  }

  /// - Parameter milliseconds: negative for never.
  func goOn(afterMilliseconds milliseconds: Int) {
    deadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
  }

  // MARK: Waiting

  /// Whether libcurl's time has come; asking takes it back.
  func takeDue() -> Bool {
    guard let deadline, deadline <= .now else { return false }
    self.deadline = nil
    return true
  }

  /// The sockets that are ready, after at most `patience`, less when libcurl's time comes or the bell rings.
  func wait(_ patience: Duration) -> [ccurl_ready] {
    let time = deadline.map { min(patience, ContinuousClock.now.duration(to: $0)) } ?? patience
    let milliseconds = Int32(clamping: max(0, time.millisecondsRoundedUp))
    let count = unsafe ccurl_watch_wait(epoll, &found, Int32(found.count), milliseconds)
    return found.prefix(Int(count)).filter { isWanted($0.socket) }
  }

  private func isWanted(_ socket: Int32) -> Bool {
    if socket == bell.descriptor {
      bell.silence()
      return false
    }
    guard var interest = interests[socket] else { return false }
    guard interest.wanted == CURL_POLL_NONE else { return true }
    // The server closes a connection that nobody uses, which libcurl finds out for itself.
    forget(socket, &interest)
    interests[socket] = interest
    return false
  }
}
