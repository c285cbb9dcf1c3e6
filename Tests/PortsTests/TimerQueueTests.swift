import ConnectorModel
import Synchronization
import Testing

@testable import Ports

@Suite struct TimerQueueTests {
  @Test func timersOfOneTimeComeInTheOrderTheyWereMade() {
    var queue = TimerQueue()
    let fired = Mutex<[Int]>([])
    for index in 0..<100 {
      _ = queue.insert(due: UInt64(index % 3)) { [index] in
        fired.withLock { $0.append(index) }
      }
    }
    while let (_, action) = queue.takeFirst(dueAt: 2) { action() }
    let expected = (0..<3).flatMap { rest in (0..<100).filter { $0 % 3 == rest } }
    #expect(fired.withLock { $0 } == expected)
  }

  @Test func timerThatIsNotDueStays() {
    var queue = TimerQueue()
    _ = queue.insert(due: 5) {}
    let early = queue.takeFirst(dueAt: 4)?.due
    let next = queue.nextDue
    #expect(early == nil && next == 5)
    let late = queue.takeFirst(dueAt: 5)?.due
    let none = queue.nextDue
    #expect(late == 5 && none == nil && queue.count == 0)
  }

  /// Against a plain list, with timers given up at random.
  @Test(arguments: 0..<50) func randomLivesAgreeWithAPlainList(seed: UInt64) {
    var chance = SplitMix64(seed: seed)
    var queue = TimerQueue()
    var plain: [(due: UInt64, id: UInt64)] = []
    var now: UInt64 = 0
    for _ in 0..<2_000 {
      switch Int.random(in: 0..<4, using: &chance) {
      case 0, 1:
        let due = now + UInt64.random(in: 0..<100, using: &chance)
        plain.append((due, queue.insert(due: due) {}))
      case 2:
        guard let index = plain.indices.randomElement(using: &chance) else { continue }
        let action = queue.remove(plain.remove(at: index).id)
        #expect(action != nil)
      default:
        now += UInt64.random(in: 0..<20, using: &chance)
        let due = plain.filter { $0.due <= now }.sorted { $0 < $1 }
        plain.removeAll { $0.due <= now }
        var taken: [UInt64] = []
        while let first = queue.takeFirst(dueAt: now) { taken.append(first.due) }
        #expect(taken == due.map(\.due))
      }
      #expect(queue.count == plain.count)
    }
  }
}
