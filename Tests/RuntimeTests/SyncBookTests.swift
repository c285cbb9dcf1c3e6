import Ports
import Testing

@testable import Runtime

@Suite struct SyncBookTests {
  private func stream(_ id: String, due: UInt64, _ name: String = "items") -> SyncState {
    SyncState(tenant: "acme", connection: id, connector: "feed", stream: name, nextDue: due)
  }

  private func ids(_ states: [SyncState]) -> [String] { states.map(\.connection) }

  @Test func mostOverdueBeginFirstAndNoMoreThanMay() {
    var book = SyncBook(capacity: 2)
    let all = [stream("c", due: 30), stream("a", due: 10), stream("b", due: 20), stream("d", due: 50)]
    let chosen = book.choose(from: all, now: 40)
    #expect(ids(chosen) == ["a", "b"])
    let none = book.choose(from: all, now: 40)
    #expect(none.isEmpty)
    let isAsked = book.ended(SyncKey(all[1]))
    #expect(!isAsked)
    let next = book.choose(from: [all[0], all[2], all[3]], now: 40)
    #expect(ids(next) == ["c"])
  }

  @Test func streamNeverRunsTwiceAtATime() {
    var book = SyncBook(capacity: 9)
    let first = book.choose(from: [stream("a", due: 1), stream("a", due: 1, "members")], now: 5)
    #expect(first.map(\.stream) == ["items", "members"])
    let again = book.choose(from: [stream("a", due: 1), stream("a", due: 1, "members")], now: 5)
    #expect(again.isEmpty)
  }

  @Test func nextLookIsAtTheNextDueOfThoseThatDoNotRun() {
    var book = SyncBook(capacity: 2)
    let states = [stream("a", due: 1), stream("b", due: 77)]
    _ = book.choose(from: states, now: 5)
    #expect(book.nextLook(at: states, now: 5) == 77)
    #expect(book.nextLook(at: [], now: 5) == SyncBook.longestRest.after(5))
    _ = book.choose(from: states, now: 80)
    // Full: an end rings.
    #expect(book.nextLook(at: states + [stream("c", due: 3)], now: 80) == SyncBook.longestRest.after(80))
  }

  @Test func nothingBeginsWhileTheStoreFailsOrTheHostStops() {
    var book = SyncBook(capacity: 2)
    book.storeFailed(now: 10)
    var chosen = book.choose(from: [stream("a", due: 1)], now: 11)
    #expect(chosen.isEmpty)
    #expect(book.nextLook(at: [stream("a", due: 1)], now: 11) == 5_000_000_010)
    chosen = book.choose(from: [stream("a", due: 1)], now: 5_000_000_010)
    #expect(chosen.count == 1)
    book.stop()
    chosen = book.choose(from: [stream("b", due: 1)], now: 6_000_000_000)
    #expect(chosen.isEmpty)
  }

  @Test func runThatIsAskedForAgainSaysSoAtItsEnd() {
    var book = SyncBook(capacity: 2)
    let key = SyncKey(connection: "a", stream: "items")
    var isRunning = book.ask(for: key)
    #expect(!isRunning)
    _ = book.choose(from: [stream("a", due: 1)], now: 5)
    isRunning = book.ask(for: key)
    #expect(isRunning)
    let isAsked = book.ended(key)
    #expect(isAsked)
    #expect(book.isIdle)
  }

  @Test func orderGivenBeforeTheOperationBeganIsKept() {
    var book = SyncBook(capacity: 2)
    _ = book.choose(from: [stream("a", due: 1), stream("b", due: 1)], now: 5)
    let handles = book.cancel(connection: "a")
    #expect(handles.isEmpty)
    #expect(book.order(to: SyncKey(connection: "a", stream: "items")) == .cancel)
    #expect(book.order(to: SyncKey(connection: "b", stream: "items")) == nil)
    _ = book.suspendAll()
    #expect(book.order(to: SyncKey(connection: "a", stream: "items")) == .cancel)
    #expect(book.order(to: SyncKey(connection: "b", stream: "items")) == .suspend)
  }
}
