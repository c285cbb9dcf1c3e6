import ConnectorModel
import Ports
import Synchronization
import Testing

@testable import Operations

@Suite struct MemoryKeyValueStoreTests {
  private let store = MemoryKeyValueStore()

  private func ask(
    _ request: KeyValueRequest, connection: String = "con_1", connector: String = "acme", now: UInt64 = 0
  ) -> KeyValueAnswer {
    let answer = Mutex<KeyValueAnswer?>(nil)
    store.perform(request, connection: connection, connector: connector, now: now, effect: nil) { given in
      answer.withLock { $0 = given }
    }
    return answer.withLock { $0 } ?? KeyValueAnswer(outcome: .internal)
  }

  @Test func versionsStartAtOneAndGrowAlsoAfterADelete() {
    #expect(ask(.init(.put, key: "a", value: [1])).version == 1)
    #expect(ask(.init(.put, key: "a", value: [2])).version == 2)
    #expect(ask(.init(.delete, key: "a")).outcome == .ok)
    #expect(ask(.init(.get, key: "a")).outcome == .notFound)
    #expect(ask(.init(.put, key: "a", value: [3])).version > 2)
  }

  @Test func conditionsDecideAndAConflictTellsWhatIsThere() {
    #expect(ask(.init(.put, key: "a", value: [1], condition: .absent)).outcome == .ok)
    let conflict = ask(.init(.put, key: "a", value: [2], condition: .absent))
    #expect(conflict.outcome == .conflict && conflict.value == [1] && conflict.version == 1)
    #expect(ask(.init(.put, key: "a", value: [2], condition: .version(9))).outcome == .conflict)
    #expect(ask(.init(.put, key: "a", value: [2], condition: .version(1))).outcome == .ok)
    #expect(ask(.init(.delete, key: "a", condition: .version(1))).outcome == .conflict)
  }

  @Test func expiredIsAbsent() {
    _ = ask(.init(.put, key: "a", value: [1], timeToLive: .seconds(1)), now: 0)
    #expect(ask(.init(.get, key: "a"), now: 999_999_999).outcome == .ok)
    #expect(ask(.init(.get, key: "a"), now: 1_000_000_000).outcome == .notFound)
  }

  @Test func scopesDoNotSeeEachOther() {
    _ = ask(.init(.put, key: "a", value: [1]))
    #expect(ask(.init(.get, key: "a"), connection: "con_2").outcome == .notFound)
    #expect(ask(.init(.get, key: "a"), connector: "other").outcome == .notFound)
  }

  @Test func limitsAreQuota() {
    #expect(ask(.init(.put, key: "", value: [])).outcome == .invalidInput)
    #expect(ask(.init(.put, key: String(repeating: "k", count: 257), value: [])).outcome == .invalidInput)
    #expect(ask(.init(.put, key: "a", value: Array(repeating: 0, count: 65_537))).outcome == .quota)
    for index in 0..<16 {
      #expect(ask(.init(.put, key: "big\(index)", value: Array(repeating: 0, count: 65_536))).outcome == .ok)
    }
    #expect(ask(.init(.put, key: "one more", value: [1])).outcome == .quota)
    #expect(ask(.init(.put, key: "big0", value: [1])).outcome == .ok)
  }

  @Test func thousandKeysAreEnough() {
    for index in 0..<1_000 { _ = ask(.init(.put, key: "\(index)", value: [])) }
    #expect(ask(.init(.put, key: "1000", value: [])).outcome == .quota)
    #expect(ask(.init(.put, key: "7", value: [7])).outcome == .ok)
  }
}
