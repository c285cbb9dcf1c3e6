import Ports
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("1970-01-01T00:00:00.000Z", 0), ("2000-02-29T23:59:59.999Z", 951_868_799_999),
      ("2026-02-03T04:05:06.789Z", 1_770_091_506_789), ("2100-03-01T00:00:00.000Z", 4_107_542_400_000),
      ("2553-12-31T00:00:00.000Z", 18_429_206_400_000),
    ] as [(String, UInt64)])
  func textsAndTimesAgree(_ text: String, _ milliseconds: UInt64) {
    #expect(Timestamp.text(milliseconds * 1_000_000) == text)
    #expect(Timestamp.nanoseconds(text) == milliseconds * 1_000_000)
  }

  @Test func daysOfFourCenturiesComeBack() {
    for day in stride(from: UInt64(0), to: 146_097, by: 11) {
      let time = day * 86_400_000_000_000
      guard Timestamp.nanoseconds(Timestamp.text(time)) == time else {
        Issue.record("day \(day) came back as another: \(Timestamp.text(time))")
        return
      }
    }
  }

  @Test(arguments: [
    ("2026-02-03t04:05:06z", "2026-02-03T04:05:06.000Z"),
    ("2026-02-03T04:05:06+05:30", "2026-02-02T22:35:06.000Z"),
    ("2026-02-03T04:05:06.1234567891-01:00", "2026-02-03T05:05:06.123Z"),
    ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00.000Z"),
  ])
  func otherFormsOfRFC3339AreRead(_ text: String, _ utc: String) throws {
    #expect(Timestamp.text(try #require(Timestamp.nanoseconds(text))) == utc)
  }

  @Test(arguments: [
    "", "2026-02-03", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z", "2026-02-03T24:00:00Z", "2026-02-03T04:60:00Z", "2026-02-03T04:05:06",
    "2026-02-03 04:05:06Z", "2026-02-03T04:05:06.Z", "2026-02-03T04:05:06Zx", "2026-02-03T04:05:06+5:30",
    "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "2026-02-03T04:05:0６Z", "+026-02-03T04:05:06Z",
  ])
  func otherTextsAreNoTimes(_ text: String) {
    #expect(Timestamp.nanoseconds(text) == nil)
  }

  @Test func headersHaveTheirOwnForm() {
    #expect(Timestamp.httpDate(784_111_777 * 1_000_000_000) == "Sun, 06 Nov 1994 08:49:37 GMT")
    #expect(Timestamp.httpDate(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
  }
}
