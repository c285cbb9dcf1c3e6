import FoundationEssentials

/// Times as Mailchimp writes them: ISO 8601, mostly with an offset.
enum MailchimpTime {
  static func parse(_ text: String) -> Date? {
    try? Date(text.hasSuffix("+00:00") ? "\(text.dropLast(6))Z" : text, strategy: .iso8601)
  }

  /// RFC 3339 in UTC.
  static func text(_ date: Date) -> String { date.formatted(.iso8601) }
}
