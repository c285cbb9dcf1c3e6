/// The three spellings of a date in HTTP: RFC 9110, section 5.6.7.
enum HTTPDate {
  /// Seconds since 1970, nil when `text` is no date.
  ///
  /// - Parameter now: seconds since 1970; places the two-digit years of RFC 850.
  static func seconds(of text: String, now: Int64) -> Int64? {
    let words = text.split(whereSeparator: { " ,-".contains($0) }).map(String.init)
    switch words.count {
    case 6 where words[5] == "GMT":
      // Sun, 06 Nov 1994 08:49:37 GMT / Sunday, 06-Nov-94 08:49:37 GMT
      guard let written = Int64(words[3]), let time = clock(words[4]) else { return nil }
      let year = words[3].count == 2 ? fullYear(written, now: now) : written
      return date(year: year, month: words[2], day: words[1]).map { $0 + time }
    case 5:
      // Sun Nov  6 08:49:37 1994
      guard let year = Int64(words[4]), let time = clock(words[3]) else { return nil }
      return date(year: year, month: words[1], day: words[2]).map { $0 + time }
    default: return nil
    }
  }

  /// Days since 1970 of a date in the Gregorian calendar.
  ///
  /// Counts from 1 March, so that leap days come last.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func date(year: Int64, month: String, day: String) -> Int64? {
    guard (1601...9999).contains(year), let index = months.firstIndex(of: month), let day = Int64(day),
      (1...31).contains(day)
    else { return nil }
    return days(year: year, month: Int64(index) + 1, day: day) * 86_400
  }

  private static func clock(_ text: String) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map {
      $0.count == 2 ? Int64($0) : nil
    }
    guard parts.count == 3, let hour = parts[0], let minute = parts[1], let second = parts[2],
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// A year that seems more than 50 years ahead lies in the past.
  private static func fullYear(_ year: Int64, now: Int64) -> Int64 {
    let current = 1970 + now / 31_556_952
    let candidate = current / 100 * 100 + year
    return candidate > current + 50 ? candidate - 100 : candidate
  }
}
