public import ConnectorKit

/// A transcript file, as `patchbay verify record` writes it and docs/conformance.md describes it.
///
///     let recorded = try RecordedOperation(contents)
///     try ConnectorTest(Acme.self).replay(recorded)
public struct RecordedOperation: Sendable {
  public var kind = OperationStart.Kind.action
  /// The action or stream; empty for health.
  public var name = ""
  /// JSON.
  public var input = "{}"
  public var idempotencyKey = ""
  public var mustReconcile = false
  /// Every exchange but the optional ones, in the order of the file.
  public var transcript = Transcript()
  /// `ok`, the name of an error, or `any`.
  public var endCode: String
  /// What it completes with, nil for anything.
  public var result: JSONValue?

  /// - Parameter file: the bytes of the file.
  /// - Throws: ``TranscriptMismatch`` when it is none, or only tells what a client did.
  public init(_ file: [UInt8]) throws {
    guard let value = try? StableJSON.decode(JSONValue.self, from: file),
      case .integer(1)? = value["transcript"], let code = value["end"]?["code"]?.text
    else { throw TranscriptMismatch("this is no transcript of format 1 with an `end.code`") }
    endCode = code
    result = value["end"]?["result"]
    if let action = value["action"]?.text {
      name = action
    } else if let stream = value["sync"]?.text {
      (kind, name) = (.sync, stream)
    } else if value["health"] != nil {
      kind = .health
    } else {
      throw TranscriptMismatch("the transcript names no `action`, no `sync` and no `health`")
    }
    if let given = value["input"] { input = String(decoding: try StableJSON.encode(given), as: UTF8.self) }
    idempotencyKey = value["idempotencyKey"]?.text ?? ""
    mustReconcile = value["reconcile"] == .bool(true)
    for exchange in value["exchanges"]?.elements ?? [] where exchange["optional"] != .bool(true) {
      transcript.exchanges.append(try Transcript.Exchange(recorded: exchange))
    }
  }
}

extension Transcript.Exchange {
  fileprivate init(recorded value: JSONValue) throws {
    guard let method = value["method"]?.text, let url = value["url"]?.text else {
      throw TranscriptMismatch("an exchange needs a method and a url")
    }
    guard value["fault"] == nil else {
      self = .cut(method, url)
      isBelowBase = true
      return
    }
    var headers: [HeaderField] = []
    if case .object(let members)? = value["headers"] {
      headers = members.sorted { $0.key < $1.key }.map { HeaderField($0.key, $0.value.text ?? "") }
    }
    var status = 200
    if case .integer(let number)? = value["status"] { status = Int(clamping: number) }
    let json = try value["json"].map { String(decoding: try StableJSON.encode($0), as: UTF8.self) } ?? ""
    let body = value["body"]
    self = .http(method, url, status: status, headers: headers, json: json) { request in
      guard let body else { return }
      let pushed = request.body?.inlineBytes ?? []
      guard try StableJSON.decode(JSONValue.self, from: pushed) == body else {
        throw TranscriptMismatch("another body was recorded")
      }
    }
    isBelowBase = true
    if let text = value["text"]?.text {
      answer.body = .bytes(Array(text.utf8), contentType: value["headers"]?["Content-Type"]?.text ?? "")
    }
  }
}

extension ConnectorTest {
  /// Runs a recorded operation and holds it to its end.
  ///
  /// - Throws: ``TranscriptMismatch`` when the connector asks for something else, or ends otherwise.
  @discardableResult
  public func replay(_ recorded: RecordedOperation) throws -> ConnectorRun {
    var test = self
    test.idempotencyKey = recorded.idempotencyKey
    if recorded.mustReconcile { test.attributes.append(HeaderField("patchbay.reconcile", "1")) }
    let run = try test.run(
      recorded.name, kind: recorded.kind, input: recorded.input, recorded.transcript)
    guard recorded.endCode != "any" else { return run }
    let code = run.error?.code.name ?? "ok"
    guard code == recorded.endCode else {
      throw TranscriptMismatch("it ended with \(code), and \(recorded.endCode) was recorded")
    }
    if let result = recorded.result, code == "ok", try run.output(JSONValue.self) != result {
      throw TranscriptMismatch("it completed with another result than was recorded")
    }
    return run
  }
}
