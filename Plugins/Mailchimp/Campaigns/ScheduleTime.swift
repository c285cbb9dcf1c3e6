import ConnectorKit
import FoundationEssentials

/// A time at which Mailchimp itself sends a campaign: on a quarter hour, 10 minutes ahead or more.
struct ScheduleTime: Equatable {
  private static let step = 900.0
  private static let ahead = 600.0
  private static let advice =
    "the host schedules other times itself: give it as the post's time, not as scheduleAt"

  let date: Date

  /// - Throws: `OperationError` with code `invalidInput` when `text` is no RFC 3339 time or no quarter hour.
  init(_ text: String) throws(OperationError) {
    guard let date = Self.parse(text) else {
      throw Self.refusal("is not an RFC 3339 time in UTC, such as 2026-01-31T09:15:00Z")
    }
    guard date.timeIntervalSince1970.remainder(dividingBy: Self.step) == 0 else {
      throw Self.refusal(
        "is not on a quarter hour (:00, :15, :30, :45), and Mailchimp takes no other; \(Self.advice)")
    }
    self.date = date
  }

  /// - Throws: `OperationError` with code `invalidInput` when the time is too near or past.
  func requireAhead(of now: Date) throws(OperationError) {
    guard date.timeIntervalSince(now) >= Self.ahead else {
      throw Self.refusal("is less than 10 minutes ahead, which is too near for Mailchimp; \(Self.advice)")
    }
  }

  /// RFC 3339 in UTC.
  var text: String { date.formatted(.iso8601) }

  private static func parse(_ text: String) -> Date? {
    var plain = text.uppercased()
    if plain.hasSuffix("+00:00") { plain = "\(plain.dropLast(6))Z" }
    if plain.hasSuffix(".000Z") { plain = "\(plain.dropLast(5))Z" }
    // The parser takes 31 February for 3 March and is content with a prefix: a time is what it writes the same way.
    guard let date = try? Date(plain, strategy: .iso8601), date.formatted(.iso8601) == plain else {
      return nil
    }
    return date
  }

  private static func refusal(_ problem: String) -> OperationError {
    OperationError(.invalidInput, "scheduleAt \(problem)", pointer: "/scheduleAt")
  }
}
