import Testing

@testable import Egress

@Suite struct SubmissionQueueTests {
  @Test func theThreadIsWokenOnlyWhereItLiesDown() {
    var queue = SubmissionQueue()
    let early = queue.add(.cancel(1))
    #expect(early == .awake, "it has not lain down yet")
    let taken = queue.takeAll()
    #expect(taken.count == 1)
    let mayWait = queue.lieDown()
    #expect(mayWait)
    let (first, second) = (queue.add(.cancel(2)), queue.add(.cancel(3)))
    #expect(first == .wake)
    #expect(second == .awake, "once is enough")
    let rest = queue.takeAll()
    #expect(rest.count == 2)
  }

  @Test func aCommandThatCameMeanwhileKeepsTheThreadUp() {
    var queue = SubmissionQueue()
    _ = queue.takeAll()
    let first = queue.add(.cancel(1))
    #expect(first == .awake)
    let mayWait = queue.lieDown()
    #expect(!mayWait)
    let second = queue.add(.cancel(2))
    #expect(second == .awake)
  }

  @Test func nothingIsTakenAfterTheStop() {
    var queue = SubmissionQueue()
    _ = queue.lieDown()
    let (stop, late) = (queue.add(.stop), queue.add(.cancel(1)))
    #expect(stop == .wake)
    #expect(late == .refused)
  }
}
