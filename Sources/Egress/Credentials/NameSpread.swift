internal import ConnectorModel

/// Turns names into evenly spread text, the same in every process.
///
/// Two FNV-1a lanes feed the generator; for names only, it is no protection against anybody.
struct NameSpread: Sendable {
  private var lanes: (UInt64, UInt64)

  init(salt: UInt64) { lanes = (0xcbf2_9ce4_8422_2325 ^ salt, 0x9ae1_6a3b_2f90_404f &+ salt) }

  /// Adds a name with its length, so that `ab`, `c` and `a`, `bc` differ.
  mutating func add(_ name: String) {
    for shift in stride(from: 0, to: 64, by: 8) {
      absorb(UInt8(truncatingIfNeeded: name.utf8.count >> shift))
    }
    for byte in name.utf8 { absorb(byte) }
  }

  func base32(count: Int) -> String {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
    var first = SplitMix64(seed: lanes.0)
    var second = SplitMix64(seed: lanes.1)
    return String((0..<count).map { _ in alphabet[Int((first.next() ^ second.next() &* 3) >> 59)] })
  }

  private mutating func absorb(_ byte: UInt8) {
    lanes.0 = (lanes.0 ^ UInt64(byte)) &* 0x100_0000_01b3
    lanes.1 = (lanes.1 &+ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15
    lanes.1 ^= lanes.1 >> 29
  }
}
