/// Reads deflated data (RFC 1951), of which nothing is trusted.
struct Inflate {
  private var input: BitReader
  private var output: [UInt8] = []
  /// Bytes that may come out.
  private let limit: Int

  /// - Returns: what came out, and how many bytes went in.
  static func expand(_ bytes: ArraySlice<UInt8>, atMost limit: Int) throws(ArchiveFault) -> (
    output: [UInt8], used: Int
  ) {
    var inflate = Inflate(input: BitReader(bytes), limit: limit)
    while try !inflate.block() {}
    return (inflate.output, inflate.input.bytesUsed)
  }

  private init(input: BitReader, limit: Int) {
    self.input = input
    self.limit = limit
  }

  /// Reads one block; whether it was the last.
  private mutating func block() throws(ArchiveFault) -> Bool {
    let isLast = try input.bits(1) == 1
    switch try input.bits(2) {
    case 0: try stored()
    case 1: try coded(Self.fixedLiterals, Self.fixedDistances)
    case 2:
      let (literals, distances) = try tables()
      try coded(literals, distances)
    default: throw .malformed("a block is of an unknown kind")
    }
    return isLast
  }

  private mutating func stored() throws(ArchiveFault) {
    input.align()
    let length = try input.bits(16)
    guard try input.bits(16) == length ^ 0xFFFF else {
      throw .malformed("a stored block's length is not confirmed")
    }
    for _ in 0..<length { try append(UInt8(try input.bits(8))) }
  }

  private mutating func coded(_ literals: HuffmanCode, _ distances: HuffmanCode) throws(ArchiveFault) {
    while true {
      let symbol = try literals.next(&input)
      if symbol < 256 {
        try append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return }
      guard symbol - 257 < Self.lengths.count else { throw .malformed("a length has an unknown code") }
      let length = Self.lengths[symbol - 257].base + (try input.bits(Self.lengths[symbol - 257].extra))
      let code = try distances.next(&input)
      guard code < Self.distances.count else { throw .malformed("a distance has an unknown code") }
      let distance = Self.distances[code].base + (try input.bits(Self.distances[code].extra))
      guard distance <= output.count else { throw .malformed("a distance leads before the beginning") }
      for _ in 0..<length { try append(output[output.count - distance]) }
    }
  }

  private mutating func append(_ byte: UInt8) throws(ArchiveFault) {
    guard output.count < limit else { throw .tooLarge }
    output.append(byte)
  }

  /// The codes that a block brings along.
  private mutating func tables() throws(ArchiveFault) -> (literals: HuffmanCode, distances: HuffmanCode) {
    let literals = try input.bits(5) + 257
    let distances = try input.bits(5) + 1
    let count = try input.bits(4) + 4
    var lengths = [Int](repeating: 0, count: 19)
    for index in 0..<count { lengths[Self.order[index]] = try input.bits(3) }
    let code = try HuffmanCode(lengths)
    var read: [Int] = []
    while read.count < literals + distances {
      let symbol = try code.next(&input)
      switch symbol {
      case 0..<16: read.append(symbol)
      case 16:
        guard let last = read.last else { throw .malformed("a code length repeats nothing") }
        read += [Int](repeating: last, count: try input.bits(2) + 3)
      case 17: read += [Int](repeating: 0, count: try input.bits(3) + 3)
      default: read += [Int](repeating: 0, count: try input.bits(7) + 11)
      }
    }
    guard read.count == literals + distances else { throw .malformed("code lengths overflow") }
    return (try HuffmanCode(Array(read[..<literals])), try HuffmanCode(Array(read[literals...])))
  }

  private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let fixedLiterals = HuffmanCode(
    known: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  private static let fixedDistances = HuffmanCode(known: [Int](repeating: 5, count: 30))

  /// From code 257 on; the last stands for 258 alone.
  private static let lengths: [(base: Int, extra: Int)] = {
    var lengths = spread(from: 3, codes: 28, plain: 8, step: 4)
    lengths.append((258, 0))
    return lengths
  }()
  private static let distances = spread(from: 1, codes: 30, plain: 4, step: 2)

  /// Codes each of which stands for as many values as its extra bits tell, `step` codes a number of bits.
  private static func spread(from first: Int, codes: Int, plain: Int, step: Int) -> [(base: Int, extra: Int)]
  {
    var base = first
    return (0..<codes).map { code in
      let extra = code < plain ? 0 : (code - plain) / step + 1
      defer { base += 1 << extra }
      return (base, extra)
    }
  }
}
