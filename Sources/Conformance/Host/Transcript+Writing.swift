internal import ConnectorModel
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The file of a transcript, as people write it.
extension Transcript {
  var json: JSONValue {
    var members: [String: JSONValue] = ["transcript": 1]
    if !about.isEmpty { members["about"] = .string(about) }
    if isOfClient {
      members["client"] = true
    } else {
      switch kind {
      case .sync: members["sync"] = .string(operation)
      case .health: members["health"] = true
      default: members["action"] = .string(operation)
      }
      members["input"] = (try? StableJSON.decode(JSONValue.self, from: input)) ?? .object([:])
    }
    if !idempotencyKey.isEmpty { members["idempotencyKey"] = .string(idempotencyKey) }
    if mustReconcile { members["reconcile"] = true }
    if !variables.isEmpty { members["variables"] = .object(variables.mapValues { .string($0) }) }
    if now != Transcript.defaultNow {
      members["now"] = .string(Self.instantText(now / 1_000_000_000))
    }
    members["configuration"] = configuration
    members["plan"] = plan?.json
    members["exchanges"] = .array(exchanges.map(\.json))
    var ending: [String: JSONValue] = ["code": .string(end.isAny ? "any" : end.code.name)]
    ending["result"] = end.result
    members["end"] = .object(ending)
    return .object(members)
  }

  /// RFC 3339, of seconds since 1970.
  static func instantText(_ seconds: UInt64) -> String {
    Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
  }

  static let defaultNow: UInt64 = 1_767_225_600_000_000_000

  /// Indented, what is asked before what is answered, with a line break at its end.
  var text: String { TranscriptText.text(json) + "\n" }

  /// Writes the file, and the folders above it.
  ///
  /// - Throws: when it cannot be written.
  func write(to path: String) throws(TranscriptFault) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    do {
      if !folder.isEmpty {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw TranscriptFault(what: "\(path) cannot be written; choose a place where files can be made")
    }
  }
}

extension Transcript.Exchange {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = ["method": .string(method), "url": .string(url)]
    members["body"] = body
    if isOptional { members["optional"] = true }
    if let fault {
      members["fault"] = .string(fault.rawValue)
      return .object(members)
    }
    if status != 200 { members["status"] = .integer(Int64(status)) }
    let parsed = try? StableJSON.decode(JSONValue.self, from: answer)
    if let parsed { members["json"] = parsed }
    if parsed == nil, !answer.isEmpty { members["text"] = .string(String(decoding: answer, as: UTF8.self)) }
    let kept = headers.filter { parsed == nil || $0 != HeaderField("content-type", "application/json") }
    if !kept.isEmpty {
      members["headers"] = .object(
        Dictionary(kept.map { ($0.name, .string($0.value)) }) { first, _ in first })
    }
    return .object(members)
  }
}

/// JSON as people read it: two spaces a level, members in the order in which a transcript is told.
enum TranscriptText {
  private static let order = [
    "transcript", "about", "action", "sync", "health", "client", "input", "idempotencyKey", "reconcile",
    "variables", "now", "configuration", "plan", "exchanges", "end", "method", "url", "body", "optional",
    "fault", "status", "headers", "json", "text", "code", "result",
  ]

  static func text(_ value: JSONValue, indent: String = "", isOurs: Bool = true) -> String {
    let inner = indent + "  "
    switch value {
    case .array(let elements) where !elements.isEmpty:
      let lines = elements.map { inner + text($0, indent: inner, isOurs: isOurs) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
    case .object(let members) where !members.isEmpty:
      let lines = members.sorted { rank($0.key, isOurs) < rank($1.key, isOurs) }.map { name, member in
        let isForeign = ["input", "json", "body", "result", "configuration"].contains(name)
        return "\(inner)\(plain(.string(name))): "
          + text(member, indent: inner, isOurs: isOurs && !isForeign)
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    default: return plain(value)
    }
  }

  private static func rank(_ name: String, _ isOurs: Bool) -> (Int, String) {
    (isOurs ? order.firstIndex(of: name) ?? order.count : 0, name)
  }

  private static func plain(_ value: JSONValue) -> String {
    // A value that was parsed can be written.
    String(decoding: (try? StableJSON.encode(value)) ?? [], as: UTF8.self)
  }
}
