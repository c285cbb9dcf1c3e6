/// Times as texts; everywhere else they are nanoseconds since 1970.
package enum Timestamp {
  /// RFC 3339 in UTC, with milliseconds.
  package static func text(_ nanoseconds: UInt64) -> String {
    let milliseconds = nanoseconds / 1_000_000
    let (date, time) = split(milliseconds / 1000)
    return "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))T"
      + "\(clock(time)).\(digits(Int(milliseconds % 1000), 3))Z"
  }

  /// For the `Date` header, as RFC 9110 wants it.
  package static func httpDate(_ nanoseconds: UInt64) -> String {
    let seconds = nanoseconds / 1_000_000_000
    let (date, time) = split(seconds)
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(seconds / 86_400 % 7)]
    let month = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ][date.month - 1]
    return "\(weekday), \(digits(date.day, 2)) \(month) \(digits(date.year, 4)) \(clock(time)) GMT"
  }

  /// Reads RFC 3339 with any offset; digits below the nanosecond are dropped.
  ///
  /// - Returns: nil when it is no such text, or lies before 1970 or after 2553.
  package static func nanoseconds(_ text: String) -> UInt64? {
    var rest = Substring(text)[...]
    guard let year = number(&rest, 4), take(&rest, "-"), let month = number(&rest, 2), take(&rest, "-"),
      let day = number(&rest, 2), take(&rest, "Tt"), let hour = number(&rest, 2), take(&rest, ":"),
      let minute = number(&rest, 2), take(&rest, ":"), let second = number(&rest, 2),
      let fraction = fraction(&rest), let offset = offset(&rest), rest.isEmpty
    else { return nil }
    guard (1...12).contains(month), day >= 1, day <= days(in: month, of: year), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    let seconds = dayNumber(year, month, day) * 86_400 + hour * 3600 + (minute - offset) * 60 + second
    guard seconds >= 0, seconds < 18_446_744_073 else { return nil }
    return UInt64(seconds) * 1_000_000_000 + fraction
  }

  // MARK: Days

  private typealias CivilDate = (year: Int, month: Int, day: Int)

  private static func split(_ seconds: UInt64) -> (date: CivilDate, secondOfDay: Int) {
    (civil(Int(seconds / 86_400)), Int(seconds % 86_400))
  }

  /// Days since 1970 of a date in the Gregorian calendar.
  ///
  /// Counts years from March, so that the leap day is the last of its year.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let leapDays = floored(marchYear, 4) - floored(marchYear, 100) + floored(marchYear, 400)
    return marchYear * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
  }

  private static func civil(_ days: Int) -> CivilDate {
    // An estimate that is never too late, corrected by at most one step.
    var year = 1970 + days / 366
    while dayNumber(year + 1, 1, 1) <= days { year += 1 }
    var month = 1
    while month < 12, dayNumber(year, month + 1, 1) <= days { month += 1 }
    return (year, month, days - dayNumber(year, month, 1) + 1)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  private static func floored(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
  }

  // MARK: Text

  private static func clock(_ second: Int) -> String {
    "\(digits(second / 3600, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))"
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
  }

  private static func take(_ rest: inout Substring, _ any: String) -> Bool {
    guard let first = rest.first, any.contains(first) else { return false }
    rest.removeFirst()
    return true
  }

  private static func number(_ rest: inout Substring, _ count: Int) -> Int? {
    let digits = rest.prefix(count)
    guard digits.utf8.count == count, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    rest = rest.dropFirst(count)
    return Int(digits)
  }

  /// Nanoseconds; 0 when there is no fraction.
  private static func fraction(_ rest: inout Substring) -> UInt64? {
    guard take(&rest, ".") else { return 0 }
    let digits = rest.prefix { ("0"..."9").contains($0) }
    guard !digits.isEmpty else { return nil }
    rest = rest.dropFirst(digits.count)
    return UInt64(digits.prefix(9) + String(repeating: "0", count: max(0, 9 - digits.count)))
  }

  /// Minutes east of UTC.
  private static func offset(_ rest: inout Substring) -> Int? {
    if take(&rest, "Zz") { return 0 }
    let isWest = rest.first == "-"
    guard take(&rest, "+-"), let hours = number(&rest, 2), take(&rest, ":"), let minutes = number(&rest, 2),
      hours < 24, minutes < 60
    else { return nil }
    return (isWest ? -1 : 1) * (hours * 60 + minutes)
  }
}
