internal import ConnectorModel

/// Reads a fault from JSON, strictly: a key it does not know is a typing error, not a wish to ignore.
enum FaultReader {
  /// Answers and pauses are bounded, so that a fault cannot hang a test for ever.
  static let longestPauseMs = 600_000

  static func fault(_ value: JSONValue) throws(SandboxError) -> SandboxFault {
    let members = try object(value, "the fault", keys: ["host", "method", "path", "skip", "times", "do"])
    guard let path = try text(members, "path") else {
      throw invalid("\"path\" is missing; give a glob such as /3.0/**")
    }
    guard path.hasPrefix("/") || path.hasPrefix("**") else {
      throw invalid("\"path\" must start with / or **")
    }
    guard let effect = members["do"] else {
      throw invalid(
        "\"do\" is missing; give {\"status\": 429} or one of reset, delayMs, stallMs, truncate, badChunk, "
          + "timeout")
    }
    let times: Int? =
      switch members["times"] {
      case nil: 1
      case .null: nil
      case .integer(let count) where count >= 1: Int(count)
      default: throw invalid("\"times\" must be a number from 1, or null for every time")
      }
    return SandboxFault(
      host: try text(members, "host"), method: try text(members, "method")?.uppercased(), path: path,
      skip: try number(members, "skip", range: 0...1_000_000) ?? 0, times: times,
      effect: try self.effect(effect))
  }

  private static func effect(_ value: JSONValue) throws(SandboxError) -> FaultEffect {
    let kinds = ["status", "reset", "delayMs", "stallMs", "truncate", "badChunk", "timeout"]
    let members = try object(value, "\"do\"", keys: kinds + ["headers", "body"])
    let chosen = kinds.filter { members[$0] != nil }
    guard let kind = chosen.first, chosen.count == 1 else {
      throw invalid("\"do\" must hold exactly one of \(kinds.joined(separator: ", "))")
    }
    guard kind == "status" || members.count == 1 else {
      throw invalid("\"headers\" and \"body\" belong to \"status\", not to \"\(kind)\"")
    }
    switch kind {
    case "status": return .answer(try answer(members))
    case "reset":
      guard let point = members["reset"]?.text.flatMap(FaultEffect.ResetPoint.init(rawValue:)) else {
        throw invalid("\"reset\" must be before, after or middle")
      }
      return .reset(point)
    case "delayMs": return .delay(milliseconds: try pause(members, kind))
    case "stallMs": return .stall(milliseconds: try pause(members, kind))
    case "truncate":
      if members[kind] == .bool(true) { return .truncate(afterBodyBytes: nil) }
      guard let count = members[kind]?.integer, (0...1_000_000_000).contains(count) else {
        throw invalid("\"truncate\" must be true or a number of body bytes")
      }
      return .truncate(afterBodyBytes: Int(count))
    case "timeout":
      guard let point = members["timeout"]?.text.flatMap(FaultEffect.TimeoutPoint.init(rawValue:)) else {
        throw invalid("\"timeout\" must be before or after")
      }
      return .timeout(point)
    default:
      guard members[kind] == .bool(true) else { throw invalid("\"badChunk\" must be true") }
      return .badChunk
    }
  }

  private static func answer(_ members: [String: JSONValue]) throws(SandboxError) -> SandboxResponse {
    guard let status = try number(members, "status", range: 200...599) else {
      throw invalid("\"status\" must be a number from 200 to 599")
    }
    var headers: [NamedText] = []
    if let value = members["headers"] {
      guard let fields = value.members else { throw invalid("\"headers\" must be an object of texts") }
      for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        guard let text = value.text ?? value.integer.map(String.init), isHeader(name, text) else {
          throw invalid("\"headers\".\"\(name)\" must be a text or a number without control characters")
        }
        headers.append(NamedText(name, text))
      }
    }
    guard let body = members["body"] else { return SandboxResponse(status: status, headers: headers) }
    if let text = body.text {
      return SandboxResponse(status: status, headers: headers, body: Array(text.utf8))
    }
    if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      headers.append(NamedText("Content-Type", "application/json; charset=utf-8"))
    }
    return SandboxResponse(status: status, headers: headers, body: body.bytes)
  }

  private static func isHeader(_ name: String, _ value: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }
      && value.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
  }

  private static func pause(_ members: [String: JSONValue], _ key: String) throws(SandboxError) -> Int {
    guard let milliseconds = try number(members, key, range: 0...longestPauseMs) else {
      throw invalid("\"\(key)\" must be a number of milliseconds")
    }
    return milliseconds
  }

  private static func object(
    _ value: JSONValue, _ name: String, keys: [String]
  ) throws(SandboxError) -> [String: JSONValue] {
    guard let members = value.members else { throw invalid("\(name) must be a JSON object") }
    if let unknown = members.keys.sorted().first(where: { !keys.contains($0) }) {
      throw invalid("\(name) has an unknown key \"\(unknown)\"; known are \(keys.joined(separator: ", "))")
    }
    return members
  }

  private static func text(_ members: [String: JSONValue], _ key: String) throws(SandboxError) -> String? {
    guard let value = members[key] else { return nil }
    guard let text = value.text, !text.isEmpty else { throw invalid("\"\(key)\" must be a text") }
    return text
  }

  private static func number(
    _ members: [String: JSONValue], _ key: String, range: ClosedRange<Int>
  ) throws(SandboxError) -> Int? {
    guard let value = members[key] else { return nil }
    guard let number = value.integer, let exact = Int(exactly: number), range.contains(exact) else {
      throw invalid("\"\(key)\" must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return exact
  }

  private static func invalid(_ reason: String) -> SandboxError { .invalidFault(reason: reason) }
}
