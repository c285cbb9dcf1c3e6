/// Bits of bytes, the lowest first.
struct BitReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int
  private var held = 0
  private var count = 0

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// Whole bytes that were looked at.
  var bytesUsed: Int { place - bytes.startIndex }

  /// The next bits as a number; up to 16.
  mutating func bits(_ wanted: Int) throws(ArchiveFault) -> Int {
    while count < wanted {
      guard place < bytes.endIndex else { throw .truncated }
      held |= Int(bytes[place]) << count
      place += 1
      count += 8
    }
    defer {
      held >>= wanted
      count -= wanted
    }
    return held & (1 << wanted - 1)
  }

  /// Skips to the next byte.
  mutating func align() {
    held = 0
    count = 0
  }
}
