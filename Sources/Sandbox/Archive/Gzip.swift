/// Writes gzip (RFC 1952) with one deflate block of fixed codes (RFC 1951).
///
/// Matches are found by one look at where the same three bytes stood last: enough for the JSON it is for.
enum Gzip {
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    // No name, no time, made on an unknown system.
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    return head + deflate(bytes) + littleEndian(checksum(bytes))
      + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
  }

  private static let farthest = 32_768
  private static let longest = 258
  private static let tableBits = 14

  private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var output = BitWriter()
    // The last block, and of the kind whose codes are fixed.
    output.write(0b011, bits: 3)
    var last = [Int](repeating: -1, count: 1 << tableBits)
    var place = 0
    while place < bytes.count {
      var length = 0
      var start = -1
      if place + 3 <= bytes.count {
        let three = UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
        let slot = Int((three &* 2_654_435_761) >> UInt32(32 - tableBits))
        start = last[slot]
        last[slot] = place
        if start >= 0, place - start <= farthest { length = common(bytes, start, place) }
      }
      if length >= 3 {
        writeMatch(length: length, distance: place - start, to: &output)
        place += length
      } else {
        writeSymbol(Int(bytes[place]), to: &output)
        place += 1
      }
    }
    writeSymbol(256, to: &output)
    return output.finished
  }

  private static func common(_ bytes: [UInt8], _ first: Int, _ second: Int) -> Int {
    let limit = min(longest, bytes.count - second)
    var length = 0
    while length < limit, bytes[first + length] == bytes[second + length] { length += 1 }
    return length
  }

  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227,
    258,
  ]
  private static let lengthExtras = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
    4097,
    6145, 8193, 12_289, 16_385, 24_577,
  ]

  private static func writeMatch(length: Int, distance: Int, to output: inout BitWriter) {
    let index = lengthBases.lastIndex { $0 <= length } ?? 0
    writeSymbol(257 + index, to: &output)
    output.write(UInt32(length - lengthBases[index]), bits: lengthExtras[index])
    let place = distanceBases.lastIndex { $0 <= distance } ?? 0
    output.writeCode(UInt32(place), bits: 5)
    output.write(UInt32(distance - distanceBases[place]), bits: max(0, place / 2 - 1))
  }

  private static func writeSymbol(_ symbol: Int, to output: inout BitWriter) {
    switch symbol {
    case ..<144: output.writeCode(UInt32(0x30 + symbol), bits: 8)
    case ..<256: output.writeCode(UInt32(0x190 + symbol - 144), bits: 9)
    case ..<280: output.writeCode(UInt32(symbol - 256), bits: 7)
    default: output.writeCode(UInt32(0xC0 + symbol - 280), bits: 8)
    }
  }

  private static let checksumTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
  }

  /// CRC-32.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let table = checksumTable
    var sum = UInt32.max
    for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
    return ~sum
  }

  private static func littleEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}

/// Bits into bytes, the lowest bit first.
private struct BitWriter {
  private var bytes: [UInt8] = []
  private var pending: UInt32 = 0
  private var count = 0

  mutating func write(_ value: UInt32, bits: Int) {
    pending |= value << UInt32(count)
    count += bits
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }

  /// A Huffman code, whose highest bit comes first.
  mutating func writeCode(_ code: UInt32, bits: Int) {
    var reversed: UInt32 = 0
    for bit in 0..<bits where code >> UInt32(bit) & 1 == 1 { reversed |= 1 << UInt32(bits - 1 - bit) }
    write(reversed, bits: bits)
  }

  var finished: [UInt8] { count > 0 ? bytes + [UInt8(truncatingIfNeeded: pending)] : bytes }
}
