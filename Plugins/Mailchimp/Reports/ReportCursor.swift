import ConnectorKit
import FoundationEssentials

/// How far a stream of reports has come; opaque to everybody else.
struct ReportCursor: Codable, Equatable {
  /// The run's own beginning, exclusive; nil for everything there is.
  var since: String?
  /// How many of the run's reports are done.
  var offset = 0
  /// How many there were at the last page.
  var total: Int?
  /// The latest time of sending, in RFC 3339.
  var newest: String?

  /// The beginning of a run, or the middle of one that was interrupted.
  ///
  /// - Throws: `OperationError` with code `invalidInput` for a cursor that is not one of these, or a window without times.
  init(_ window: SyncWindow, lookback: Double) throws {
    var begin = try Self.time(window.since, "/since")
    _ = try Self.time(window.until, "/until")
    if let text = window.cursor {
      guard let cursor = try? StableJSON.decode(ReportCursor.self, from: Array(text.utf8)) else {
        throw OperationError(.invalidInput, "the cursor is not one of this stream's", pointer: "/cursor")
      }
      self = cursor
      if total != nil { return }
      // A window that begins earlier asks for more; one that begins later would lose late data.
      let last = newest.flatMap(MailchimpTime.parse)?.addingTimeInterval(-lookback)
      begin = [begin, last].compactMap { $0 }.min()
    }
    // The platform's bounds are exclusive.
    since = begin.map { MailchimpTime.text($0.addingTimeInterval(-1)) }
  }

  private static func time(_ text: String?, _ place: String) throws -> Date? {
    guard let text else { return nil }
    guard let date = MailchimpTime.parse(text) else {
      throw Field.refusal(place, "is not an RFC 3339 time in UTC")
    }
    return date
  }

  /// Where the next run begins.
  var finished: ReportCursor {
    var cursor = self
    (cursor.since, cursor.offset, cursor.total) = (nil, 0, nil)
    return cursor
  }

  var text: String { get throws { String(decoding: try StableJSON.encode(self), as: UTF8.self) } }
}
