/// One line of the log, as it was written by its author: nothing is hidden or escaped yet.
struct LogLine: Sendable {
  /// What an author's text may bring into the queue; what is shown of it is far less.
  static let longestText = 65_536

  var at: UInt64
  var level: EventLog.Level
  var event: String
  var message: String
  var fields: EventLog.Fields
  /// Lines that were lost before this one.
  var dropped: UInt64?

  /// About what it takes in memory.
  var cost: Int { 256 + event.utf8.count + message.utf8.count + fields.textBytes }

  /// The same with texts that are bounded.
  var bounded: LogLine {
    var line = self
    line.event = Self.cut(event)
    line.message = Self.cut(message)
    line.fields.mapTexts(Self.cut)
    return line
  }

  private static func cut(_ text: String) -> String {
    text.utf8.count <= longestText
      ? text : String(decoding: text.utf8.prefix(longestText), as: UTF8.self)
  }
}
