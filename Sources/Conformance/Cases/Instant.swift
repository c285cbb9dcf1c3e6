internal import ConnectorModel

/// A moment as JSON tells it: a text of RFC 3339, or seconds or milliseconds since 1970 under a name of a time.
struct Instant: Equatable, Hashable {
  /// Since 1970.
  var seconds: Int64

  init(seconds: Int64) { self.seconds = seconds }

  /// Nil for a text that is no moment, or lacks its zone.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 17, bytes[10] == UInt8(ascii: "T") else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      guard range.upperBound <= bytes.count else { return nil }
      return bytes[range].allSatisfy { (0x30...0x39).contains($0) }
        ? Int64(String(decoding: bytes[range], as: UTF8.self)) : nil
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), (1...12).contains(month)
    else { return nil }
    var rest = bytes[16...]
    var second: Int64 = 0
    if rest.first == UInt8(ascii: ":") {
      guard let given = number(17..<19) else { return nil }
      (second, rest) = (given, bytes[19...])
    }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst().drop { (0x30...0x39).contains($0) }
    }
    guard let offset = Self.offset(String(decoding: rest, as: UTF8.self)) else { return nil }
    let days = Self.days(year, month, day)
    self.init(seconds: days * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60)
  }

  /// Of a leaf of JSON; a number only when it stands under the name of a time.
  init?(_ value: JSONValue, at pointer: String) {
    switch value {
    case .string(let text): self.init(text)
    case .integer(let number) where Self.isTime(pointer):
      if Self.plausible.contains(number) {
        self.init(seconds: number)
      } else if Self.plausible.contains(number / 1_000) {
        self.init(seconds: number / 1_000)
      } else {
        return nil
      }
    case .null, .bool, .integer, .decimal, .array, .object: return nil
    }
  }

  /// From 2001 to 2100, so that seconds and milliseconds cannot be taken for each other.
  private static let plausible: ClosedRange<Int64> = 1_000_000_000...4_102_444_800

  private static func isTime(_ pointer: String) -> Bool {
    let name = pointer.split(separator: "/").last { Int($0) == nil }?.lowercased() ?? ""
    return ["time", "date", "_at", "until", "expires", "since", "stamp"].contains { name.contains($0) }
      || pointer.hasSuffix("At") || name == "at" || name == "created" || name == "updated"
  }

  /// Minutes east of Greenwich; nil for a text that is no zone.
  private static func offset(_ text: String) -> Int64? {
    if text == "Z" || text == "z" { return 0 }
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard digits.count == 4, let number = Int64(digits) else { return nil }
    return (sign == "-" ? -1 : 1) * (number / 100 * 60 + number % 100)
  }

  /// From 1970-01-01 on, in the calendar that every platform counts by.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }
}
