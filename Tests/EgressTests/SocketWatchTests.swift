import Testing

@testable import Egress

#if canImport(Glibc)
  import Glibc
#endif

@Suite struct SocketWatchTests {
  // As curl/multi.h names them; only Egress imports it.
  private static let reading: Int32 = 1
  private static let nothing: Int32 = 4

  private let bell: WakeUp
  private let watch: SocketWatch

  init() throws {
    bell = try #require(WakeUp())
    watch = try #require(SocketWatch(bell: bell))
  }

  /// Two ends of a connection, the first of them the one that is watched.
  private func connection() throws -> (own: Int32, peer: Int32) {
    var ends: [Int32] = [-1, -1]
    try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  private func say(_ socket: Int32) { _ = unsafe write(socket, "x", 1) }

  private var readyCount: Int { watch.wait(.zero).count }

  @Test func connectionIsSeenAgainAfterItsTimeInThePool() throws {
    let (own, peer) = try connection()
    watch.opened(own)
    watch.wish(Self.reading, of: own)
    #expect(readyCount == 0)
    say(peer)
    #expect(readyCount == 1)
    watch.wish(Self.nothing, of: own)
    #expect(readyCount == 0, "nobody wants it")
    watch.wish(Self.reading, of: own)
    #expect(readyCount == 1)
    watch.close(own)
    close(peer)
  }

  /// The kernel forgets a socket when it is closed, and gives its number to the next.
  @Test func newConnectionUnderAnOldNumberIsSeen() throws {
    let (old, oldPeer) = try connection()
    let (new, newPeer) = try connection()
    watch.opened(old)
    watch.wish(Self.reading, of: old)
    watch.wish(Self.nothing, of: old)
    // In one step, so that no other test gets the number.
    try #require(dup2(new, old) == old)
    watch.opened(old)
    watch.wish(Self.reading, of: old)
    say(newPeer)
    #expect(readyCount == 1)
    watch.close(old)
    for socket in [new, newPeer, oldPeer] { close(socket) }
  }

  /// libcurl closes the sockets of its resolver without a word.
  @Test func socketThatWasNotOpenedForAConnectionIsTakenOutAtOnce() throws {
    let (own, peer) = try connection()
    watch.wish(Self.reading, of: own)
    say(peer)
    #expect(readyCount == 1)
    watch.wish(Self.nothing, of: own)
    #expect(readyCount == 0)
    watch.wish(Self.reading, of: own)
    #expect(readyCount == 1)
    watch.wish(Self.nothing, of: own)
    close(own)
    close(peer)
  }

  @Test func ringEndsAWait() {
    bell.ring()
    #expect(watch.wait(.seconds(3600)).isEmpty)
  }

  @Test func timeOfLibcurlEndsAWaitAndComesOnce() {
    watch.goOn(afterMilliseconds: 1)
    while !watch.takeDue() { #expect(watch.wait(.seconds(3600)).isEmpty) }
    #expect(!watch.takeDue())
    watch.goOn(afterMilliseconds: 0)
    watch.goOn(afterMilliseconds: -1)
    #expect(!watch.takeDue())
  }
}
