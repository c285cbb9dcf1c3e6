import Testing

@testable import PluginLoader

struct ELFBytesTests {
  private let file = ELFBytes([1, 2, 3, 4, 5, 6, 7, 8, 0x61, 0])

  @Test func numbersAreLittleEndianAndMayLieAnywhere() {
    #expect(file.u8(9) == 0 && file.u16(1) == 0x0302 && file.u32(3) == 0x0706_0504)
    #expect(file.u64(0) == 0x0807_0605_0403_0201)
  }

  @Test func nothingIsReadThatReachesBeyondTheEnd() {
    #expect(file.u64(2) != nil && file.u64(3) == nil && file.u64(9) == nil)
    #expect(file.u32(7) == nil && file.u16(9) == nil && file.u8(10) == nil)
    #expect(file.u64(.max) == nil && file.u64(.max - 7) == nil)
  }

  @Test func rangesThatWrapAroundAreNotHeld() {
    #expect(file.holds(10, 0) && file.holds(0, 10))
    #expect(!file.holds(11, 0) && !file.holds(1, 10) && !file.holds(8, .max) && !file.holds(.max, 8))
  }

  @Test func textNeedsItsEndInsideTheTable() {
    #expect(file.text(8, before: 10) == "a")
    #expect(file.text(8, before: 9) == nil && file.text(9, before: 9) == nil)
    #expect(file.text(8, before: 11) == nil)
  }
}
