/// Makes hostile bytes of good ones.
package struct ByteMutator {
  private let corpus: [[UInt8]]
  private let words: [[UInt8]]

  /// What breaks readers anywhere: ends of ranges, bytes that are no text, signs that nest.
  private static let always: [[UInt8]] =
    [
      "0", "-1", "9223372036854775808", "1e999", "\u{0}", "\u{FEFF}", "\u{2028}", "\r\n", "\n", ":", "\"",
      "'",
      "[", "]", "{", "}", "%00", "\\u0000", "\\ud800",
    ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]]

  /// - Parameters:
  ///   - corpus: good inputs, at least one.
  ///   - words: what means something to the reader under test.
  package init(corpus: [[UInt8]], words: [String]) {
    self.corpus = corpus
    self.words = words.map { Array($0.utf8) } + Self.always
  }

  /// One of the corpus after one to eight changes.
  package func next(using random: inout some RandomNumberGenerator) -> [UInt8] {
    var bytes = corpus.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...8, using: &random) { change(&bytes, using: &random) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], using random: inout some RandomNumberGenerator) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 1...64, using: &random))
    switch Int.random(in: 0..<7, using: &random) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes.removeSubrange(place..<end)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 3: bytes.removeSubrange(place...)
    case 4:
      let other = corpus.randomElement(using: &random) ?? []
      let cut = Int.random(in: 0...other.count, using: &random)
      bytes.replaceSubrange(place..., with: other[cut...])
    case 5:
      let word = words.randomElement(using: &random) ?? []
      bytes.replaceSubrange(place..<end, with: word)
    default:
      let word = words.randomElement(using: &random) ?? []
      bytes.insert(contentsOf: word, at: place)
    }
  }
}
