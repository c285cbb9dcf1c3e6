import Testing

@testable import Operations

@Suite struct RareTests {
  private struct Holder {
    @Rare var value: [Int]?
  }

  @Test func copiesDoNotShareWhatIsWrittenLater() {
    let empty = Holder()
    var one = empty
    one.value = [1]
    var other = one
    other.value?.append(2)
    #expect(empty.value == nil)
    #expect(one.value == [1])
    #expect(other.value == [1, 2])
    one.value = nil
    #expect(one.value == nil && other.value == [1, 2])
  }

  @Test func whatIsNotThereTakesAPointer() {
    #expect(MemoryLayout<Rare<OperationReport>>.size == MemoryLayout<UInt>.size)
  }
}
