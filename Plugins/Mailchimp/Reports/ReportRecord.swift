import ConnectorKit
import FoundationEssentials

/// One measurement, under an id that is the same whenever it is taken.
struct ReportRecord: Encodable {
  enum Kind: String, Encodable { case post, account }

  let id: String
  let subject: String
  let kind: Kind
  /// RFC 3339 in UTC.
  let at: String
  let metrics: JSONValue
  let details: JSONValue

  /// - Throws: `OperationError` with code `upstream` for a report without id or time.
  init(report: JSONValue) throws {
    guard let id = report["id"]?.text, let time = report["send_time"]?.text.flatMap(MailchimpTime.parse)
    else {
      throw OperationError(.upstream, "the platform's answer has a report without id or send_time")
    }
    self.id = "campaign:\(id)"
    subject = id
    kind = .post
    at = MailchimpTime.text(time)
    metrics = try Reports.metrics.read(report)
    details = try Reports.details.read(report)
  }

  /// What is measured of the account or of one audience, now.
  init(_ what: String, _ value: JSONValue, id key: String, metrics: [Field], details: [Field], at now: Date)
    throws
  {
    guard let id = value[key]?.text else {
      throw OperationError(.upstream, "the platform's answer has an \(what) without id")
    }
    self.id = "\(what):\(id)"
    subject = id
    kind = .account
    at = MailchimpTime.text(now)
    self.metrics = try metrics.read(value)
    self.details = try details.read(value)
  }
}
