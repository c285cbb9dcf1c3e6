/// A canonical prefix code of at most 15 bits, from the lengths of its words.
struct HuffmanCode {
  /// How many words have each length.
  private let counts: [Int]
  /// The symbols in the order of their words.
  private let symbols: [Int]

  /// - Throws: `malformed` for lengths of which more words would begin alike than there can be.
  init(_ lengths: [Int]) throws(ArchiveFault) {
    self.init(known: lengths)
    var left = 1
    for count in counts.dropFirst() {
      left = left * 2 - count
      guard left >= 0 else { throw .malformed("a code has too many words") }
    }
  }

  /// Lengths that are right.
  init(known lengths: [Int]) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths where length > 0 { counts[length] += 1 }
    self.counts = counts
    symbols = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
  }

  /// The symbol whose word comes next.
  func next(_ input: inout BitReader) throws(ArchiveFault) -> Int {
    var (word, first, index) = (0, 0, 0)
    for length in 1..<counts.count {
      word |= try input.bits(1)
      if word - first < counts[length] { return symbols[index + word - first] }
      index += counts[length]
      first = (first + counts[length]) << 1
      word <<= 1
    }
    throw .malformed("a word is in no code")
  }
}
