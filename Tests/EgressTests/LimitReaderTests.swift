import ConnectorModel
import Ports
import Testing

@testable import Egress
@testable import Manifest

@Suite struct LimitReaderTests {
  private let now: UInt64 = 1_767_225_600_000_000_000
  private let second: UInt64 = 1_000_000_000

  private func reading(
    _ declared: Limits.Bucket, _ headers: [HeaderField], body: String = "", status: Int = 200
  ) -> LimitReading? {
    let claim = LimitClaim(key: .init(bucket: "b", subject: ""), declared: declared)
    return LimitReader(status: status, headers: headers, body: Array(body.utf8), now: now)
      .readings(for: [claim])[claim.key]
  }

  private func remaining(_ reset: String, _ unit: Limits.Remaining.Unit, date: String? = nil)
    -> RemainingRule.Reading?
  {
    let declared = Limits.Bucket(
      scope: .account,
      remaining: .init(header: "X-RateLimit-Remaining", reset: .init(header: "X-RateLimit-Reset", unit: unit))
    )
    var headers = [HeaderField("x-ratelimit-remaining", "7"), HeaderField("x-ratelimit-reset", reset)]
    if let date { headers.append(HeaderField("date", date)) }
    return reading(declared, headers)?.remaining
  }

  @Test(arguments: [
    ("60", Limits.Remaining.Unit.seconds, 60 as UInt64), ("2", .minutes, 120),
    ("1767225660", .epochSeconds, 60),
    ("1767225660000", .epochMilliseconds, 60), ("Thu, 01 Jan 2026 00:01:00 GMT", .date, 60),
    ("2026-01-01T00:01:00Z", .date, 60), ("2026-01-01T02:01:00.000+02:00", .date, 60),
    ("0", .seconds, 0), ("99999999999", .seconds, 7 * 86_400), ("99999999999", .epochSeconds, 7 * 86_400),
  ])
  func everyUnitOfAResetIsRead(_ text: String, _ unit: Limits.Remaining.Unit, _ seconds: UInt64) {
    #expect(remaining(text, unit) == .init(left: 7, resets: now + seconds * second))
  }

  @Test(arguments: [
    ("soon", Limits.Remaining.Unit.seconds), ("", .minutes), ("-5", .seconds), ("0", .epochSeconds),
    ("12345678901234567890123", .epochSeconds), ("yesterday", .date), ("2026-13-01T00:00:00Z", .date),
    ("2026-01-01T00:00:00", .date),
  ])
  func aResetThatCannotBeReadIsNotTold(_ text: String, _ unit: Limits.Remaining.Unit) {
    #expect(remaining(text, unit) == .init(left: 7, resets: nil))
  }

  @Test func aClockThatIsWrongIsCorrectedByTheAnswersDate() {
    // The platform's clock is an hour ahead of ours; its window ends a minute after the answer.
    #expect(
      remaining("1767229260", .epochSeconds, date: "Thu, 01 Jan 2026 01:00:00 GMT")
        == .init(left: 7, resets: now + 60 * second))
    #expect(
      remaining("1767225660", .epochSeconds, date: "Wed, 31 Dec 2025 23:59:58 GMT")
        == .init(left: 7, resets: now + 60 * second), "two seconds are no other clock")
  }

  private let meta = Limits.Bucket(
    scope: .account, usage: .init(headers: ["X-App-Usage", "X-Business-Use-Case-Usage"]))

  @Test func usageIsReadFromSeveralHeadersAndSeveralObjects() {
    let business = """
      {"17":[{"type":"pages","call_count":12,"total_cputime":4,"total_time":96.2,"estimated_time_to_regain_access":0},
      {"type":"instagram","call_count":100,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":19}],
      "4":[{"type":"pages","call_count":3,"total_cputime":0,"total_time":0,"estimated_time_to_regain_access":0}]}
      """
    let told = reading(
      meta,
      [
        HeaderField("x-app-usage", #"{"call_count":28,"total_time":25,"total_cputime":90}"#),
        HeaderField("x-business-use-case-usage", business),
      ])?.usage?.told
    #expect(
      told == [
        .init(source: "x-app-usage", percent: 90, regain: nil),
        .init(source: "x-business-use-case-usage/17/pages", percent: 97, regain: nil),
        .init(source: "x-business-use-case-usage/17/instagram", percent: 100, regain: .seconds(19 * 60)),
        .init(source: "x-business-use-case-usage/4/pages", percent: 3, regain: nil),
      ])
  }

  @Test func anObjectPerAccountAndAPlainNumberAreRead() {
    let declared = Limits.Bucket(scope: .account, usage: .init(headers: ["X-Ad-Account-Usage", "X-Usage"]))
    let told = reading(
      declared,
      [
        HeaderField("x-ad-account-usage", #"{"acc_id_util_pct":99.5,"reset_time_duration":120,"tier":"x"}"#),
        HeaderField("x-usage", "87"),
      ])?.usage?.told
    #expect(
      told == [
        .init(source: "x-ad-account-usage", percent: 100, regain: .seconds(120)),
        .init(source: "x-usage", percent: 87, regain: nil),
      ])
  }

  @Test(arguments: [
    "", "{", "[]", "null", "\"80\"", "-5", #"{"type":"pages"}"#, #"{"1":[]}"#, #"{"1":[{"call_count":"9"}]}"#,
    #"{"1":"x"}"#,
  ])
  func whatCannotBeReadTellsNothing(_ text: String) {
    #expect(reading(meta, [HeaderField("x-app-usage", text)])?.usage?.told == [])
  }

  @Test func aMissingHeaderIsSilentOnSuccessOnly() {
    #expect(reading(meta, [])?.usage?.silent == ["x-app-usage", "x-business-use-case-usage"])
    #expect(reading(meta, [], status: 500)?.usage?.silent == [])
  }

  @Test func aQuotaIsReadFromTheBody() throws {
    let declared = Limits.Bucket(
      scope: .account,
      quota: .init(
        used: try JSONPath(parsing: "$.data[0].quota_usage"),
        total: try JSONPath(parsing: "$.data[0].config.quota_total")))
    let body = #"{"data":[{"quota_usage":3,"config":{"quota_total":100,"quota_duration":86400}}]}"#
    #expect(reading(declared, [], body: body)?.quota == .init(used: 3, total: 100))
    #expect(reading(declared, [], body: body, status: 400) == nil)
    #expect(reading(declared, [], body: #"{"data":[]}"#) == nil)
    #expect(reading(declared, [], body: "<html>") == nil)
  }
}
