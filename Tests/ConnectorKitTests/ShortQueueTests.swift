import Testing

@testable import ConnectorKit

@Suite struct ShortQueueTests {
  @Test func givesBackInOrderWhateverComesBetween() {
    var queue = ShortQueue<Int>()
    var expected: [Int] = []
    var random = SplitMix64(seed: 7)
    for number in 0..<1_000 {
      if random.next() % 3 != 0 {
        queue.append(number)
        expected.append(number)
      } else {
        #expect(queue.popFirst() == (expected.isEmpty ? nil : expected.removeFirst()))
      }
      #expect(queue.isEmpty == expected.isEmpty)
    }
    while let oldest = queue.popFirst() { #expect(oldest == expected.removeFirst()) }
    #expect(expected.isEmpty)
  }

  @Test func takesTheOldestThatMatchesFromAnyPlace() {
    var queue = ShortQueue<Int>()
    for number in 1...6 { queue.append(number) }
    #expect(queue.popFirst() == 1)
    #expect(queue.removeFirst { $0 % 2 == 1 } == 3)
    #expect(queue.removeFirst { $0 == 2 } == 2)
    #expect(queue.removeFirst { $0 == 1 } == nil)
    #expect([queue.popFirst(), queue.popFirst(), queue.popFirst(), queue.popFirst()] == [4, 5, 6, nil])
  }
}
