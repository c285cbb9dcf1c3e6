/// What real credentials look like: shapes so narrow that an honest file has none.
enum CredentialShape: CaseIterable {
  case privateKey, cloudKey, googleKey, metaToken, mailchimpKey, slackToken, githubToken, liveKey

  var words: String {
    switch self {
    case .privateKey: "a private key"
    case .cloudKey: "an access key of AWS"
    case .googleKey: "an API key of Google"
    case .metaToken: "an access token of Meta"
    case .mailchimpKey: "an API key of Mailchimp"
    case .slackToken: "a token of Slack"
    case .githubToken: "a token of GitHub"
    case .liveKey: "a live key of Stripe"
    }
  }

  /// How it starts, how many more characters it has at least, and of which.
  private var form: (start: String, rest: Int, allows: (UInt8) -> Bool) {
    switch self {
    case .privateKey: ("-----BEGIN ", 20, { $0 >= 0x20 && $0 < 0x7F })
    case .cloudKey: ("AKIA", 16, { Self.isUpper($0) || Self.isDigit($0) })
    case .googleKey: ("AIza", 35, Self.isWord)
    case .metaToken: ("EAA", 60, { Self.isUpper($0) || Self.isLower($0) || Self.isDigit($0) })
    case .mailchimpKey: ("-us", 1, Self.isDigit)
    case .slackToken: ("xox", 20, Self.isWord)
    case .githubToken: ("ghp_", 36, Self.isWord)
    case .liveKey: ("sk_live_", 16, Self.isWord)
    }
  }

  func isFound(in bytes: [UInt8]) -> Bool {
    let (start, rest, allows) = form
    return ByteSearch.positions(of: start, in: bytes).contains { position in
      let after = bytes[(position + start.utf8.count)...].prefix(rest)
      guard after.count == rest, after.allSatisfy(allows) else { return false }
      switch self {
      case .privateKey:
        return String(decoding: bytes[position...].prefix(40), as: UTF8.self).contains("PRIVATE KEY")
      case .mailchimpKey:
        let before = bytes[..<position].suffix(32)
        return before.count == 32 && before.allSatisfy { Self.isDigit($0) || (0x61...0x66).contains($0) }
          && Set(before).count > 4
      case .slackToken: return bytes[position + 4] == UInt8(ascii: "-")
      // In the middle of a word it is none: names in symbol tables have long rests of letters and digits.
      default: return !(bytes[..<position].last.map(Self.isWord) ?? false)
      }
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
  private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || isUpper(byte) || isLower(byte) || byte == 0x2D || byte == 0x5F
  }
}
