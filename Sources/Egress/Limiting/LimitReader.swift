internal import ConnectorModel
internal import Manifest
internal import Ports

internal import struct FoundationEssentials.Decimal

/// Reads what an answer tells of limits: headers, and the body where a bucket asks for it.
///
/// What cannot be read is not told.
struct LimitReader: Sendable {
  let status: Int
  let headers: [HeaderField]
  let body: [UInt8]
  /// The host's clock, nanoseconds since 1970.
  let now: UInt64

  /// A host's clock this far from the platform's makes times of the platform useless without correction, in seconds.
  private static let toleratedSkew: Int64 = 5

  func readings(for claims: [LimitClaim]) -> [LimitKey: LimitReading] {
    var readings: [LimitKey: LimitReading] = [:]
    let needsBody = claims.contains { $0.declared.quota != nil } && (200..<300).contains(status)
    let json = needsBody ? try? StableJSON.decode(JSONValue.self, from: body) : nil
    for claim in claims {
      let declared = claim.declared
      let reading = LimitReading(
        remaining: declared.remaining.flatMap(remaining),
        usage: declared.usage.map { UsageReader(usage: $0).readings(in: headers, isSuccess: status < 400) },
        quota: declared.quota.flatMap { quota in json.flatMap { Self.quota(quota, in: $0) } })
      if reading != LimitReading() { readings[claim.key] = reading }
    }
    return readings
  }

  private func remaining(_ declared: Limits.Remaining) -> RemainingRule.Reading? {
    guard let text = headers[declared.header], let left = Self.number(text) else { return nil }
    let resets = declared.reset.flatMap { reset in
      headers[reset.header].flatMap { self.resets($0, unit: reset.unit) }
    }
    return RemainingRule.Reading(left: left, resets: resets)
  }

  /// When a window ends on the host's clock.
  private func resets(_ text: String, unit: Limits.Remaining.Unit) -> UInt64? {
    switch unit {
    case .seconds: Self.number(text).map { after(seconds: Int64($0)) }
    case .minutes: Self.number(text).map { after(seconds: Int64($0) * 60) }
    case .epochSeconds: Self.number(text).flatMap { onThisClock(milliseconds: Int64($0) * 1000) }
    case .epochMilliseconds: Self.number(text).flatMap { onThisClock(milliseconds: Int64($0)) }
    case .date: InstantText.milliseconds(of: text, now: seconds).flatMap(onThisClock(milliseconds:))
    }
  }

  private var seconds: Int64 { Int64(now / 1_000_000_000) }

  private func after(seconds: Int64) -> UInt64 {
    min(RemainingRule.longestWindow, Duration.seconds(seconds).nanosecondsClamped).after(now)
  }

  /// A time of the platform's clock, corrected by what its `Date` says of that clock.
  private func onThisClock(milliseconds: Int64) -> UInt64? {
    guard milliseconds > 0 else { return nil }
    let date = headers["date"].flatMap { HTTPDate.seconds(of: $0, now: seconds) }
    let skew = date.map { $0 - seconds } ?? 0
    let shift = skew.magnitude > UInt64(Self.toleratedSkew) ? skew * 1000 : 0
    let (own, overflow) = milliseconds.subtractingReportingOverflow(shift)
    guard !overflow, own > 0 else { return nil }
    let time = UInt64(own).multipliedReportingOverflow(by: 1_000_000)
    return min(time.overflow ? .max : time.partialValue, RemainingRule.longestWindow.after(now))
  }

  private static func quota(_ declared: Limits.Quota, in json: JSONValue) -> QuotaRule.Reading? {
    guard let used = declared.used.evaluate(in: json).first?.wholeNumber,
      let total = declared.total.evaluate(in: json).first?.wholeNumber
    else { return nil }
    return QuotaRule.Reading(used: used, total: total)
  }

  /// A whole number from 0, whatever stands behind its point; small enough to be multiplied by a thousand.
  private static func number(_ text: String) -> Int? {
    let digits = text.drop(while: \.isWhitespace).prefix { $0.isASCII && $0.isNumber }
    return digits.isEmpty || digits.count > 15 ? nil : Int(digits)
  }
}

extension JSONValue {
  /// A number without its fraction, or the text of one.
  var wholeNumber: Int? {
    switch self {
    case .integer(let number): Int(clamping: number)
    case .decimal(let number): Int(number.description.prefix { $0 != "." })
    case .string(let text): Int(text)
    case .null, .bool, .array, .object: nil
    }
  }
}
