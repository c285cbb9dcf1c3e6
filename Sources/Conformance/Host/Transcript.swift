internal import ConnectorModel
internal import JSONSchema
internal import Manifest

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// One operation as an author wrote it down: what is asked, what the platform answers, how it ends.
///
/// docs/conformance.md describes the file.
struct Transcript: Sendable {
  /// The file's name without its ending.
  var name: String
  var kind = OperationStart.Kind.action
  /// The action or stream; empty for health.
  var operation = ""
  var input: [UInt8] = Array("{}".utf8)
  /// Headers of a webhook, as the host hands them on.
  var attributes: [HeaderField] = []
  var idempotencyKey = ""
  var mustReconcile = false
  /// Values for `{name}` in endpoint bases.
  var variables: [String: String] = [:]
  /// Nanoseconds since 1970.
  var now = Transcript.defaultNow
  var exchanges: [Exchange] = []
  var end: End
  /// One line for people.
  var about = ""
  /// What a client asked that is no connector: there is nothing to run until somebody names an action.
  var isOfClient = false
  /// How the operation is stepped in a replay, nil for the plain way.
  var plan: SteppedPlan?
  /// Instead of the manifest's own.
  var configuration: JSONValue?

  struct Exchange: Sendable {
    var method: String
    /// Below the endpoint's base, with its query.
    var url: String
    /// What the request's body must be, nil for anything.
    var body: JSONValue?
    var status: Int
    var headers: [HeaderField]
    var answer: [UInt8]
    /// Needed on other ways than the one that `end` is about.
    var isOptional: Bool
    /// What the wire brings instead of the answer.
    var fault: PlatformFault?
  }

  struct End: Sendable {
    var code: OutcomeCode
    /// What it completes with, nil for anything.
    var result: JSONValue?
    /// Any end will do: only the rules are asked.
    var isAny = false
  }
}

/// What is wrong with a transcript.
package struct TranscriptFault: Error, CustomStringConvertible {
  package var what: String
  package var description: String { what }
}

extension Transcript {
  /// Reads the folder of a connector's transcripts, in the order of their names.
  ///
  /// What clients were recorded to ask stands there for people, and is left out.
  /// - Throws: the first fault, with the file's name. No folder is no fault.
  static func read(folder: String) throws(TranscriptFault) -> [Transcript] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var transcripts: [Transcript] = []
    for name in names.sorted() where name.hasSuffix(".json") {
      let transcript = try Transcript.read(file: "\(folder)/\(name)")
      if !transcript.isOfClient { transcripts.append(transcript) }
    }
    return transcripts
  }

  /// Reads one file.
  ///
  /// - Throws: its first fault, with its name.
  static func read(file path: String) throws(TranscriptFault) -> Transcript {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw TranscriptFault(what: "\(name) cannot be read")
    }
    guard let value = try? StableJSON.decode(JSONValue.self, from: [UInt8](data)) else {
      throw TranscriptFault(what: "\(name) is not JSON")
    }
    do throws(TranscriptFault) {
      return try Transcript(name.hasSuffix(".json") ? String(name.dropLast(5)) : name, value)
    } catch {
      throw TranscriptFault(what: "\(name): \(error.what)")
    }
  }

  init(_ name: String, _ value: JSONValue) throws(TranscriptFault) {
    guard case .integer(1)? = value["transcript"] else {
      throw TranscriptFault(what: "its format is not `\"transcript\": 1`")
    }
    try Self.know(
      value, "the transcript",
      [
        "transcript", "about", "action", "health", "sync", "webhook", "headers", "body", "client", "input",
        "idempotencyKey", "reconcile", "variables", "now", "exchanges", "end", "plan", "configuration",
      ])
    guard let end = value["end"] else { throw TranscriptFault(what: "it has no `end`") }
    try Self.know(end, "end", ["code", "result"])
    let word = end["code"]?.text ?? ""
    guard let code = word == "any" ? .ok : OutcomeCode(name: word) else {
      throw TranscriptFault(what: "end.code is not the name of an outcome, such as `ok`, nor `any`")
    }
    self.init(name: name, end: End(code: code, result: end["result"], isAny: word == "any"))
    about = value["about"]?.text ?? ""
    configuration = value["configuration"]
    if let given = value["plan"] { plan = try SteppedPlan(given) }
    if let action = value["action"]?.text {
      operation = action
    } else if let stream = value["sync"]?.text {
      (kind, operation) = (.sync, stream)
    } else if let hook = value["webhook"]?.text {
      (kind, operation) = (.webhook, hook)
      guard let body = value["body"]?.text else {
        throw TranscriptFault(what: "a webhook needs `body`, the text that was posted")
      }
      input = Array(body.utf8)
      if case .object(let members)? = value["headers"] {
        attributes = members.sorted { $0.key < $1.key }.map {
          HeaderField("header.\($0.key.lowercased())", $0.value.text ?? "")
        }
      }
    } else if value["health"] != nil {
      kind = .health
    } else if value["client"] == .bool(true) {
      isOfClient = true
    } else {
      throw TranscriptFault(
        what: "it names no `action`, no `sync`, no `webhook` and no `health`, and is of no `client`")
    }
    if let given = value["input"] { input = (try? StableJSON.encode(given)) ?? [] }
    idempotencyKey = value["idempotencyKey"]?.text ?? ""
    mustReconcile = value["reconcile"] == .bool(true)
    if case .object(let members)? = value["variables"] { variables = members.compactMapValues(\.text) }
    if let text = value["now"]?.text {
      guard let date = try? Date(text, strategy: .iso8601) else {
        throw TranscriptFault(what: "now is not an RFC 3339 time")
      }
      now = UInt64(date.timeIntervalSince1970) * 1_000_000_000
    }
    for (index, exchange) in (value["exchanges"]?.elements ?? []).enumerated() {
      exchanges.append(try Exchange(exchange, "exchanges[\(index)]"))
    }
  }

  /// A misspelt member would silently change what is asked.
  static func know(
    _ value: JSONValue, _ place: String, _ names: Set<String>
  ) throws(TranscriptFault) {
    guard case .object(let members) = value else { throw TranscriptFault(what: "\(place) is not an object") }
    if let unknown = members.keys.filter({ !names.contains($0) }).min() {
      throw TranscriptFault(what: "\(place) has the unknown member `\(unknown)`")
    }
  }
}

extension Transcript.Exchange {
  fileprivate init(_ value: JSONValue, _ place: String) throws(TranscriptFault) {
    try Transcript.know(
      value, place, ["method", "url", "body", "status", "headers", "json", "text", "optional", "fault"])
    guard let method = value["method"]?.text, let url = value["url"]?.text, url.hasPrefix("/") else {
      throw TranscriptFault(what: "\(place) needs a method, and a url that starts with /")
    }
    self.method = method
    self.url = url
    body = value["body"]
    if case .integer(let status)? = value["status"] { self.status = Int(status) } else { status = 200 }
    headers = []
    if case .object(let members)? = value["headers"] {
      headers = members.sorted { $0.key < $1.key }.map {
        HeaderField($0.key.lowercased(), $0.value.text ?? "")
      }
    }
    if let json = value["json"] {
      answer = (try? StableJSON.encode(json)) ?? []
      if headers["content-type"] == nil { headers.append(HeaderField("content-type", "application/json")) }
    } else {
      answer = Array((value["text"]?.text ?? "").utf8)
    }
    isOptional = value["optional"] == .bool(true)
    if let word = value["fault"]?.text {
      guard let known = PlatformFault(rawValue: word), PlatformFault.ofTheWire.contains(known) else {
        let names = PlatformFault.ofTheWire.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        throw TranscriptFault(what: "\(place).fault is `\(word)` and not one of \(names)")
      }
      fault = known
    }
  }
}
