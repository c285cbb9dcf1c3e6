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
  var now: UInt64 = 1_767_225_600_000_000_000
  var exchanges: [Exchange] = []
  var end: End

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
  }

  struct End: Sendable {
    var code: OutcomeCode
    /// What it completes with, nil for anything.
    var result: JSONValue?
  }
}

/// What is wrong with a transcript.
struct TranscriptFault: Error { var what: String }

extension Transcript {
  /// Reads the folder of a connector's transcripts, in the order of their names.
  ///
  /// - Throws: the first fault, with the file's name. No folder is no fault.
  static func read(folder: String) throws(TranscriptFault) -> [Transcript] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var transcripts: [Transcript] = []
    for name in names.sorted() where name.hasSuffix(".json") {
      guard let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(name)")),
        let value = try? StableJSON.decode(JSONValue.self, from: [UInt8](data))
      else { throw TranscriptFault(what: "\(name) is not JSON") }
      do {
        transcripts.append(try Transcript(String(name.dropLast(5)), value))
      } catch {
        throw TranscriptFault(what: "\(name): \(error.what)")
      }
    }
    return transcripts
  }

  private init(_ name: String, _ value: JSONValue) throws(TranscriptFault) {
    guard case .integer(1)? = value["transcript"] else {
      throw TranscriptFault(what: "its format is not `\"transcript\": 1`")
    }
    try Self.know(
      value, "the transcript",
      [
        "transcript", "about", "action", "health", "sync", "webhook", "headers", "body", "input",
        "idempotencyKey", "reconcile", "variables", "now", "exchanges", "end",
      ])
    guard let end = value["end"] else { throw TranscriptFault(what: "it has no `end`") }
    try Self.know(end, "end", ["code", "result"])
    guard let word = end["code"]?.text, let code = OutcomeCode(name: word) else {
      throw TranscriptFault(what: "end.code is not the name of an outcome, such as `ok`")
    }
    self.init(name: name, end: End(code: code, result: end["result"]))
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
    } else {
      throw TranscriptFault(what: "it names no `action`, no `sync`, no `webhook` and no `health`")
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
  fileprivate static func know(
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
      value, place, ["method", "url", "body", "status", "headers", "json", "text", "optional"])
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
  }
}
