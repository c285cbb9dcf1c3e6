/// The formats that `format` may name; each is checked, none is a mere hint.
enum StringFormat: String, Sendable, CaseIterable {
  case dateTime = "date-time"
  case date
  case uri
  case email
  case uuid

  /// For the sentence "must be …".
  var meaning: String {
    switch self {
    case .dateTime: "a time such as 2026-11-23T10:30:00Z"
    case .date: "a date such as 2026-11-23"
    case .uri: "an absolute URI such as https://example.com/path"
    case .email: "an e-mail address"
    case .uuid: "a UUID"
    }
  }

  func accepts(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return switch self {
    case .dateTime: Self.isDateTime(bytes[...])
    case .date: Self.isDate(bytes[...])
    case .uri: URIFormat.accepts(bytes)
    case .email: EmailFormat.accepts(bytes)
    case .uuid: Self.isUUID(bytes)
    }
  }

  private static func isUUID(_ bytes: [UInt8]) -> Bool {
    bytes.count == 36
      && bytes.enumerated().allSatisfy { index, byte in
        [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : byte.isHexDigit
      }
  }

  private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
    var rest = bytes
    guard let year = number(&rest, digits: 4), eat("-", &rest), let month = number(&rest, digits: 2),
      eat("-", &rest), let day = number(&rest, digits: 2), rest.isEmpty, (1...12).contains(month)
    else { return false }
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...lengths[month - 1]).contains(day)
  }

  /// RFC 3339; second 60 only where a leap second can be, at the end of a UTC day.
  private static func isDateTime(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 20, isDate(bytes.prefix(10)) else { return false }
    var rest = bytes.dropFirst(10)
    guard eat("T", &rest) || eat("t", &rest), let hour = number(&rest, digits: 2), eat(":", &rest),
      let minute = number(&rest, digits: 2), eat(":", &rest), let second = number(&rest, digits: 2),
      hour < 24, minute < 60, second <= 60
    else { return false }
    if eat(".", &rest) {
      let fraction = rest.prefix(while: \.isDigit)
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(fraction.count)
    }
    guard let offset = offsetMinutes(&rest), rest.isEmpty else { return false }
    let minuteOfDay = (hour * 60 + minute - offset + 2 * 1440) % 1440
    return second < 60 || minuteOfDay == 1439
  }

  private static func offsetMinutes(_ rest: inout ArraySlice<UInt8>) -> Int? {
    if eat("Z", &rest) || eat("z", &rest) { return 0 }
    let sign = eat("+", &rest) ? 1 : eat("-", &rest) ? -1 : 0
    guard sign != 0, let hour = number(&rest, digits: 2), eat(":", &rest),
      let minute = number(&rest, digits: 2), hour < 24, minute < 60
    else { return nil }
    return sign * (hour * 60 + minute)
  }

  private static func number(_ rest: inout ArraySlice<UInt8>, digits: Int) -> Int? {
    let head = rest.prefix(digits)
    guard head.count == digits, head.allSatisfy(\.isDigit) else { return nil }
    rest = rest.dropFirst(digits)
    return head.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func eat(_ expected: Unicode.Scalar, _ rest: inout ArraySlice<UInt8>) -> Bool {
    guard rest.first == UInt8(ascii: expected) else { return false }
    rest = rest.dropFirst()
    return true
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  var isHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
  func isOne(of characters: String) -> Bool { characters.utf8.contains(self) }
}
