internal import ConnectorModel

/// The identifiers a Mailchimp account hands out, in the forms the real one has, drawn from a seed.
struct MailchimpIdentifiers: Sendable {
  private var source: SplitMix64
  private var lastWebID = 4_381_000
  private var lastTagID = 271_800

  init(seed: UInt64) { source = SplitMix64(seed: seed) }

  mutating func hexadecimal(_ digits: Int) -> String {
    var text = ""
    while text.utf8.count < digits {
      let part = String(source.next(), radix: 16)
      text += String(repeating: "0", count: 16 - part.utf8.count) + part
    }
    return String(text.prefix(digits))
  }

  /// The 10 digits of audiences, campaigns and unique e-mail ids.
  mutating func short() -> String { hexadecimal(10) }

  mutating func uuid() -> String {
    let digits = hexadecimal(30)
    func part(_ start: Int, _ count: Int) -> Substring { digits.dropFirst(start).prefix(count) }
    return "\(part(0, 8))-\(part(8, 4))-4\(part(12, 3))-a\(part(15, 3))-\(part(18, 12))"
  }

  mutating func webID() -> Int {
    lastWebID += 4
    return lastWebID
  }

  mutating func tagID() -> Int {
    lastTagID += 1
    return lastTagID
  }
}
