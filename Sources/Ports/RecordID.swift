/// Makes ids such as `job_01h2xcejqtf2nbrexx3vqjhp41`: a kind, and a UUIDv7 in base32, so that ids sort by time.
///
/// Source: RFC 9562, Crockford's base32.
package enum RecordID {
  package enum Kind: String, Sendable, CaseIterable {
    case connection = "con_"
    case job = "job_"
    case post = "pst_"
    case deadLetter = "dlq_"
    case webhookEvent = "evt_"
    case upload = "upl_"
  }

  /// - Parameter now: nanoseconds since 1970.
  package static func make(_ kind: Kind, now: UInt64) -> String {
    var generator = SystemRandomNumberGenerator()
    return make(kind, now: now, using: &generator)
  }

  package static func make(_ kind: Kind, now: UInt64, using random: inout some RandomNumberGenerator)
    -> String
  {
    let milliseconds = now / 1_000_000
    // Below the millisecond the time goes on, so that ids made in order by one process mostly sort in order.
    let fraction = (now % 1_000_000) * 4096 / 1_000_000
    let high = milliseconds << 16 | 0x7000 | fraction
    let low = random.next() >> 2 | 1 << 63
    return kind.rawValue + base32(UInt128(high) << 64 | UInt128(low))
  }

  /// Whether `text` has the form of an id of this kind.
  package static func isID(_ text: String, of kind: Kind) -> Bool {
    text.hasPrefix(kind.rawValue) && text.utf8.count == kind.rawValue.utf8.count + 26
      && text.utf8.dropFirst(kind.rawValue.utf8.count).allSatisfy(alphabet.contains)
  }

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  private static func base32(_ number: UInt128) -> String {
    String(decoding: (0..<26).map { alphabet[Int(number >> (125 - 5 * $0) & 31)] }, as: UTF8.self)
  }
}
