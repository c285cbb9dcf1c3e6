import Testing

@testable import Operations

@Suite struct FIFOTests {
  @Test func elementsComeOutInTheOrderTheyWentIn() {
    var queue = FIFO<Int>()
    var taken: [Int] = []
    for number in 0..<100 {
      queue.append(number)
      if number % 3 == 0, let first = queue.popFirst() { taken.append(first) }
    }
    while let first = queue.popFirst() { taken.append(first) }
    #expect(taken == Array(0..<100))
    #expect(queue.isEmpty)
  }

  /// A queue that never runs empty must not keep what it gave away.
  @Test func takenElementsAreReleased() {
    final class Held {}
    var queue = FIFO<Held>()
    queue.append(Held())
    queue.append(Held())
    weak let first = queue.popFirst()
    #expect(first == nil)
    #expect(!queue.isEmpty)
  }
}
