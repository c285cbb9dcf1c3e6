/// A moment as headers write it: a date of HTTP, or one of ISO 8601 with its offset.
enum InstantText {
  /// Milliseconds since 1970, nil when `text` is neither.
  ///
  /// - Parameter now: seconds since 1970; places the two-digit years of HTTP.
  static func milliseconds(of text: String, now: Int64) -> Int64? {
    if let seconds = HTTPDate.seconds(of: text, now: now) { return seconds * 1000 }
    return iso8601(text)
  }

  /// `2026-01-31T12:00:00Z`, with a fraction and another offset if need be.
  private static func iso8601(_ text: String) -> Int64? {
    let characters = Array(text.utf8)
    guard (20...40).contains(characters.count), characters[10] == UInt8(ascii: "T") else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      let digits = characters[range]
      guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
      return Int64(String(decoding: digits, as: UTF8.self))
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var rest = characters[19...]
    var milliseconds: Int64 = 0
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      let three = String((String(decoding: fraction.prefix(3), as: UTF8.self) + "00").prefix(3))
      guard !fraction.isEmpty, let value = Int64(three) else { return nil }
      milliseconds = value
      rest = rest.dropFirst(fraction.count + 1)
    }
    guard let offset = offset(String(decoding: rest, as: UTF8.self)) else { return nil }
    let days = HTTPDate.days(year: year, month: month, day: day)
    return ((days * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1000 + milliseconds
  }

  /// Minutes east of Greenwich.
  private static func offset(_ text: String) -> Int64? {
    if text == "Z" { return 0 }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard let sign = text.first, sign == "+" || sign == "-", digits.count == 4,
      let hours = Int64(digits.prefix(2)), let minutes = Int64(digits.suffix(2)), hours < 24, minutes < 60
    else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
  }
}
