/// Recognises what looks like a secret, wherever it comes from.
///
/// Hand-written and without backtracking: each look reads on from where it starts and never begins again.
struct SecretShapes {
  let bytes: [UInt8]

  private static let longestName = 64
  private static let longRun = 32
  private static let identifier = 36

  /// What has to be hidden of the word that starts at `index`, or nil.
  ///
  /// Begins at `index` or later: a name and a scheme stay readable.
  func secret(at index: Int) -> Range<Int>? {
    switch bytes[index] {
    case UInt8(ascii: ":"): return userInformation(after: index)
    case UInt8(ascii: "?"): return query(after: index)
    default:
      guard startsWord(index) else { return nil }
      let word = index..<end(from: index, while: Self.isWord)
      return key(word) ?? webToken(word) ?? credentials(after: word) ?? namedValue(after: word) ?? run(word)
    }
  }

  // MARK: Shapes

  /// What stands before the `@` of a URL.
  private func userInformation(after colon: Int) -> Range<Int>? {
    let start = colon + 3
    guard matches("://", at: colon) else { return nil }
    let authority =
      start..<end(from: start) {
        !Self.endsURL($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
      }
    guard let at = bytes[authority].lastIndex(of: UInt8(ascii: "@")) else { return nil }
    return start..<at
  }

  /// All that follows a `?` in the middle of a word.
  private func query(after mark: Int) -> Range<Int>? {
    guard mark > 0, !Self.endsURL(bytes[mark - 1]) else { return nil }
    let range = (mark + 1)..<end(from: mark + 1) { !Self.endsURL($0) && $0 != UInt8(ascii: "#") }
    return range.isEmpty ? nil : range
  }

  /// A key of our API, or a handle that stands for a captured secret.
  private func key(_ word: Range<Int>) -> Range<Int>? {
    let isKey =
      matches("pb_", at: word.lowerBound) && word.count >= 20
      || matches("pbh_", at: word.lowerBound) && word.count >= 12
    return isKey ? word : nil
  }

  /// Header, claims and signature of a JSON Web Token.
  private func webToken(_ word: Range<Int>) -> Range<Int>? {
    guard matches("eyJ", at: word.lowerBound), word.upperBound < bytes.count,
      bytes[word.upperBound] == UInt8(ascii: ".")
    else { return nil }
    let end = end(from: word.lowerBound) { Self.isWord($0) || $0 == UInt8(ascii: ".") }
    return end - word.upperBound > 8 ? word.lowerBound..<end : nil
  }

  /// What stands behind `Bearer` or `Basic`.
  private func credentials(after word: Range<Int>) -> Range<Int>? {
    guard word.count <= 6, ["bearer", "basic"].contains(lowercased(word)) else { return nil }
    var start = word.upperBound
    while start < bytes.count {
      if bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "+") || bytes[start] == 9 {
        start += 1
      } else if matches("%20", at: start) {
        start += 3
      } else {
        break
      }
    }
    guard start > word.upperBound else { return nil }
    let value = start..<end(from: start) { !Self.endsValue($0) && $0 != UInt8(ascii: "\\") }
    let prose: Set = ["token", "tokens", "auth", "authentication", "authorization", "credentials", "scheme"]
    guard value.count >= 6, value.count > 16 || !prose.contains(lowercased(value)) else { return nil }
    return value
  }

  /// What `access_token=`, `"client_secret":` or `Authorization:` names, percent-encoded or within quoted JSON too.
  private func namedValue(after word: Range<Int>) -> Range<Int>? {
    guard word.count <= Self.longestName, let kind = SecretName(lowercased(word)) else { return nil }
    var at = word.upperBound
    at += quote(at)
    at = end(from: at) { $0 == UInt8(ascii: " ") }
    let isColon: Bool
    if at < bytes.count, bytes[at] == UInt8(ascii: "=") || bytes[at] == UInt8(ascii: ":") {
      isColon = bytes[at] == UInt8(ascii: ":")
      at += 1
    } else if matches("%3D", at: at) || matches("%3d", at: at) || matches("%3A", at: at)
      || matches("%3a", at: at)
    {
      isColon = false
      at += 3
    } else {
      return nil
    }
    let space = at..<end(from: at) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ">") }
    let opening = quote(space.upperBound)
    let start = space.upperBound + opening
    guard start < bytes.count else { return nil }
    if bytes[start] == UInt8(ascii: "[") && !matches(LogRedaction.mask, at: start)
      || bytes[start] == UInt8(ascii: "{")
    {
      // Where such a value ends takes a parser.
      return start..<bytes.count
    }
    let end =
      opening > 0 ? endOfQuoted(from: start, by: space.upperBound..<start) : endOfPlain(from: start, kind)
    guard start < end else { return nil }
    switch kind {
    case .sure, .line: break
    case .word:
      // “invalid token: it has expired” is prose.
      if isColon, opening == 0, !space.isEmpty { return nil }
    case .number:
      if end - start < 16 { return nil }
    }
    return start..<end
  }

  /// Long runs of hexadecimal or base64; UUIDs and words stay.
  private func run(_ word: Range<Int>) -> Range<Int>? {
    if isDense(word) { return word }
    // Plain base64 has two characters more that also part words, as in paths.
    guard word.lowerBound == 0 || !Self.isBase64(bytes[word.lowerBound - 1]) else { return nil }
    let wide = word.lowerBound..<end(from: word.lowerBound, while: Self.isBase64)
    return wide.upperBound > word.upperBound && isDense(wide) ? wide : nil
  }

  /// Whether these characters change their kind as often as chance does, and names do not.
  private func isDense(_ range: Range<Int>) -> Bool {
    guard range.count >= Self.longRun, !isUUID(range) else { return false }
    var changes = 0
    var hexadecimals = 0
    var digits = 0
    var hasLower = false
    var hasUpper = false
    var last: CharacterKind?
    for index in range {
      let kind = CharacterKind(bytes[index])
      if let kind, let last, kind != last { changes += 1 }
      hasLower = hasLower || kind == .lower
      hasUpper = hasUpper || kind == .upper
      if kind == .digit { digits += 1 }
      last = kind
      hexadecimals = Self.isHexadecimal(bytes[index]) ? hexadecimals + 1 : 0
      if hexadecimals >= Self.longRun { return true }
    }
    // Names of types change with each of their words; fewer than one in a thousand texts by chance does as seldom.
    let sixteenths = hasLower && hasUpper ? (digits < 3 ? 5 : 4) : 2
    return changes * 16 >= range.count * sixteenths
  }

  private func isUUID(_ range: Range<Int>) -> Bool {
    guard range.count == Self.identifier else { return false }
    return zip(0..., bytes[range]).allSatisfy { offset, byte in
      [8, 13, 18, 23].contains(offset) ? byte == UInt8(ascii: "-") : Self.isHexadecimal(byte)
    }
  }
}

extension SecretShapes {
  private enum CharacterKind {
    case lower
    case upper
    case digit

    init?(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lower
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upper
      case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
      default: return nil
      }
    }
  }

  /// A word starts behind anything that is none, an escape included.
  private func startsWord(_ index: Int) -> Bool {
    guard Self.isWord(bytes[index]) else { return false }
    guard index > 0, Self.isWord(bytes[index - 1]) else { return true }
    return index >= 3 && bytes[index - 3] == UInt8(ascii: "%")
      || index >= 2 && bytes[index - 2] == UInt8(ascii: "\\")
      || index >= 6 && bytes[index - 6] == UInt8(ascii: "\\") && bytes[index - 5] == UInt8(ascii: "u")
  }

  /// How many bytes a quote at `index` takes: `"`, `'`, `\"`, `%22`.
  private func quote(_ index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") { return 1 }
    if matches("\\\"", at: index) { return 2 }
    return matches("%22", at: index) ? 3 : 0
  }

  private func endOfQuoted(from start: Int, by quote: Range<Int>) -> Int {
    var index = start
    while index + quote.count <= bytes.count {
      if bytes[index..<(index + quote.count)].elementsEqual(bytes[quote]) { return index }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return bytes.count
  }

  private func endOfPlain(from start: Int, _ kind: SecretName) -> Int {
    if kind == .line {
      return end(from: start) { $0 != 10 && $0 != 13 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
    }
    var index = start
    while index < bytes.count, !Self.endsValue(bytes[index]), !matches("%26", at: index) { index += 1 }
    return index
  }

  private func end(from start: Int, while isPart: (UInt8) -> Bool) -> Int {
    var index = start
    while index < bytes.count, isPart(bytes[index]) { index += 1 }
    return index
  }

  private func matches(_ text: String, at index: Int) -> Bool {
    index + text.utf8.count <= bytes.count
      && bytes[index..<(index + text.utf8.count)].elementsEqual(text.utf8)
  }

  private func lowercased(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self).lowercased()
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    CharacterKind(byte) != nil || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  private static func endsURL(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "\"'<>`|\\".utf8.contains(byte)
  }

  private static func endsValue(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "\"'<>&,;)}]".utf8.contains(byte)
  }
}
