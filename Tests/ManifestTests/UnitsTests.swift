import Manifest
import Testing

@Suite struct UnitsTests {
  @Test func durationsAreRead() {
    #expect(Duration(manifest: "20ms") == .milliseconds(20))
    #expect(Duration(manifest: "120s") == .seconds(120))
    #expect(Duration(manifest: "5m") == .seconds(300))
    #expect(Duration(manifest: "6h") == .seconds(21600))
    #expect(Duration(manifest: "7d") == .seconds(604_800))
  }

  @Test(arguments: [
    "", "5", "m", "0s", "05m", "-5m", "5 m", "5min", "1.5h", "5M", "99999999999999999999d",
    "9223372036854775807ms",
  ])
  func whatIsNoDurationIsRefused(text: String) {
    #expect(Duration(manifest: text) == nil)
  }

  @Test func ratesAreRead() {
    #expect(Limits.Rate(manifest: "100000/d") == .init(count: 100_000, window: .seconds(86400)))
    #expect(Limits.Rate(manifest: "10/s") == .init(count: 10, window: .seconds(1)))
    #expect(Limits.Rate(manifest: "600/m") == .init(count: 600, window: .seconds(60)))
  }

  @Test(arguments: ["", "10", "10/", "/s", "0/s", "10/w", "10/s/s", "-1/s", "1.5/s", "+1/s"])
  func whatIsNoRateIsRefused(text: String) {
    #expect(Limits.Rate(manifest: text) == nil)
  }

  @Test(arguments: [("8MiB", 8 << 20), ("100kB", 100_000), ("512B", 512), ("1GiB", 1 << 30), ("4096", 4096)])
  func sizesAreRead(text: String, bytes: Int) throws {
    let reading = try ManifestFixtures.good(replacing: "response: 8MiB", with: "response: \(text)")
    #expect(reading.manifest?.limits.maximumResponse == bytes)
  }

  @Test(arguments: ["8 MiB", "8mib", "0", "0B", "-1", "1.5MiB", "\"\"", "9999999999GiB", "[1]"])
  func whatIsNoSizeIsRefused(text: String) throws {
    let reading = try ManifestFixtures.good(replacing: "response: 8MiB", with: "response: \(text)")
    #expect(reading.problems.first { $0.severity == .error }?.keyPath == "limits.defaults.response")
  }

  @Test func daysAreCountedThroughLeapYears() throws {
    let first = try #require(CalendarDate("1970-01-01"))
    #expect(first.daysSince1970 == 0)
    #expect(CalendarDate("2000-02-29")?.daysSince1970 == 11_016)
    #expect(CalendarDate("2026-11-23")?.daysSince1970 == 20_780)
    #expect(CalendarDate(secondsSince1970: 20_780 * 86400 + 86399) == CalendarDate("2026-11-23"))
    #expect(CalendarDate(secondsSince1970: -1) == CalendarDate("1969-12-31"))
    for text in [
      "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "26-01-01",
    ] {
      #expect(CalendarDate(text) == nil)
    }
  }
}
