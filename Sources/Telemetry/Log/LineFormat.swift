internal import Ports

#if canImport(Glibc)
  internal import Glibc
#endif

/// Turns lines into bytes: hides secrets first, escapes then, so that no text can end its line or its field.
struct LineFormat {
  /// What is shown of one text, in bytes.
  static let longestShown = 8192

  let format: EventLog.Format
  let redaction: LogRedaction

  func bytes(of line: LogLine) -> [UInt8] {
    switch format {
    case .json: json(line)
    case .text: text(line)
    }
  }

  private func json(_ line: LogLine) -> [UInt8] {
    var out = #"{"timestamp":"\#(Self.timestamp(line.at))","level":"\#(line.level.rawValue)","event":"#
    out += quoted(line.event)
    if !line.message.isEmpty { out += #","message":"# + quoted(line.message) }
    members(of: line) { name, value in
      switch value {
      case .text(let text): out += ",\"\(name)\":" + quoted(text)
      case .number(let number): out += ",\"\(name)\":\(number)"
      }
    }
    out += "}\n"
    return Array(out.utf8)
  }

  private func text(_ line: LogLine) -> [UInt8] {
    let level = line.level.rawValue.uppercased()
    var out =
      "\(Self.timestamp(line.at)) \(level)\(String(repeating: " ", count: max(0, 7 - level.utf8.count))) "
    out += shown(line.event)
    if !line.message.isEmpty { out += " " + shown(line.message) }
    members(of: line) { name, value in
      switch value {
      case .text(let text):
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        out += " \(name)=" + (isPlain ? shown(text) : quoted(text))
      case .number(let number): out += " \(name)=\(number)"
      }
    }
    out += "\n"
    return Array(out.utf8)
  }

  private enum Member {
    case text(String)
    case number(Int64)
  }

  /// In one order, always.
  private func members(of line: LogLine, _ body: (String, Member) -> Void) {
    let fields = line.fields
    func text(_ name: String, _ value: String?) { if let value { body(name, .text(value)) } }
    func number(_ name: String, _ value: Int64?) { if let value { body(name, .number(value)) } }
    text("tenantId", fields.tenantID)
    text("connectionId", fields.connectionID)
    text("platform", fields.platform)
    text("jobId", fields.jobID)
    text("cycleId", fields.cycleID)
    text("requestId", fields.requestID)
    text("status", fields.status)
    text("errorCode", fields.errorCode)
    number("durationMs", fields.duration.map { Int64(clamping: $0.nanosecondsClamped / 1_000_000) })
    number("attempt", fields.attempt.map(Int64.init))
    text("externalId", fields.externalID)
    number("httpStatus", fields.httpStatus.map(Int64.init))
    number("dropped", line.dropped.map(Int64.init(clamping:)))
  }

  private func quoted(_ text: String) -> String {
    "\"" + escaped(redaction.apply(to: text, atMost: Self.longestShown), alsoEscaping: true) + "\""
  }

  private func shown(_ text: String) -> String {
    escaped(redaction.apply(to: text, atMost: Self.longestShown), alsoEscaping: false)
  }

  /// Escapes what moves a cursor or ends a line, in C1 and beyond ASCII too.
  private func escaped(_ text: String, alsoEscaping quotes: Bool) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C:
        if quotes { out += "\\" }
        out.unicodeScalars.append(scalar)
      case 0x0A: out += "\\n"
      case 0x0D: out += "\\r"
      case 0x09: out += "\\t"
      case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// RFC 3339 with milliseconds, in UTC.
  ///
  /// Calls `gmtime_r`.
  /// - Parameter nanoseconds: since 1970.
  static func timestamp(_ nanoseconds: UInt64) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday]
    let time = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec]
    let milliseconds = String(nanoseconds / 1_000_000 % 1000 + 1000).dropFirst()
    func joined(_ numbers: [Int32], by separator: String) -> String {
      numbers.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: separator)
    }
    return "\(joined(date, by: "-"))T\(joined(time, by: ":")).\(milliseconds)Z"
  }
}
