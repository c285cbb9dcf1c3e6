import Testing

@testable import Egress

@Suite struct RetryAfterTests {
  /// Sun, 06 Nov 1994 08:49:07 GMT: half a minute before RFC 9110's example.
  private let now: UInt64 = 784_111_747_000_000_000

  @Test(
    arguments: [
      ("120", 120), (" 0 ", nil), ("0", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 30),
      ("Sunday, 06-Nov-94 08:49:37 GMT", 30), ("Sun Nov  6 08:49:37 1994", 30),
      ("Sun, 06 Nov 1994 08:49:00 GMT", 0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("99999999999999999999999", 604_800), ("604801", 604_800), ("Fri, 31 Dec 9999 23:59:59 GMT", 604_800),
      ("", nil), ("soon", nil), ("-5", nil), ("1.5", nil), ("Sun, 32 Nov 1994 08:49:37 GMT", nil),
      ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 25:49:37 GMT", nil),
      ("Sun, 06 Nov 1994 08:49:37 PST", nil),
    ] as [(String, Int?)])
  func secondsAndAllThreeDatesAreRead(_ text: String, _ seconds: Int?) {
    #expect(RetryAfter.parse(text, unixNanoseconds: now) == seconds.map { .seconds($0) })
  }

  @Test func anAbsentHeaderIsNil() { #expect(RetryAfter.parse(nil, unixNanoseconds: now) == nil) }

  @Test(
    arguments: [
      (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2024, 3, 1, 19_783), (2100, 3, 1, 47_541),
    ] as [(Int64, Int64, Int64, Int64)])
  func daysAreCountedInTheGregorianCalendar(_ year: Int64, _ month: Int64, _ day: Int64, _ days: Int64) {
    #expect(HTTPDate.days(year: year, month: month, day: day) == days)
  }
}
