internal import ConnectorModel

/// Requests with their answers, kept while somebody records, to become transcripts of connectors' tests.
///
/// Secrets are masked in URLs and bodies.
struct TranscriptLog: Sendable {
  static let capacity = 2000
  /// Of one body; a longer one is left out and its size told.
  static let longestBody = 256 * 1024

  private(set) var isRecording = false
  private(set) var exchanges: [Exchange] = []
  /// How many came after the log was full.
  private(set) var dropped = 0

  struct Exchange: Sendable, Equatable {
    var method: String
    /// As a connector names it: with the platform's real host.
    var url: String
    /// Nil where the connection broke before a whole answer.
    var answer: Answer?
    var delayMs = 0
    /// What was asked, when it is JSON without a secret: a masked body is no body to compare with.
    var body: JSONValue?
  }

  struct Answer: Sendable, Equatable {
    var status: Int
    /// Without what says nothing to a connector: content type, schema link, request id.
    var headers: [NamedText]
    var contentType: String
    /// Nil for no JSON, and for too much of it.
    var json: JSONValue?
    var bodyBytes: Int
  }

  /// Starts with an empty log.
  mutating func start() {
    self = TranscriptLog()
    isRecording = true
  }

  /// Keeps what was recorded.
  mutating func stop() { isRecording = false }

  /// - Parameter response: what was answered, whole or not.
  mutating func record(_ request: SandboxRequest, response: SandboxResponse?, effect: FaultEffect?) {
    guard isRecording else { return }
    guard exchanges.count < Self.capacity else {
      dropped += 1
      return
    }
    let query = Redaction.query(request.queryText)
    let url = "https://\(request.host)\(request.path)" + (query.isEmpty ? "" : "?" + query)
    var exchange = Exchange(method: request.method, url: url)
    if request.body.count <= Self.longestBody, let body = JSONValue.parse(request.body),
      Redaction.redacted(body) == body
    {
      exchange.body = body
    }
    switch effect {
    case .reset, .truncate, .badChunk: break
    case .delay(let pause), .stall(let pause):
      exchange.delayMs = pause
      exchange.answer = response.map(Self.answer)
    case nil, .answer, .timeout: exchange.answer = response.map(Self.answer)
    }
    exchanges.append(exchange)
  }

  private static func answer(_ response: SandboxResponse) -> Answer {
    let uninteresting = ["content-type", "link", "x-request-id"]
    let isShort = response.body.count <= longestBody
    return Answer(
      status: response.status,
      headers: response.headers.filter { !uninteresting.contains($0.name.lowercased()) }.map {
        NamedText($0.name, Redaction.header($0))
      },
      contentType: response.header("Content-Type") ?? "",
      json: isShort ? JSONValue.parse(response.body).map { Redaction.redacted($0) } : nil,
      bodyBytes: response.body.count)
  }

  var json: JSONValue {
    [
      "recording": .bool(isRecording), "dropped": .number(dropped),
      "exchanges": .array(exchanges.map(\.jsonForm)),
    ]
  }
}

extension TranscriptLog.Exchange {
  var jsonForm: JSONValue {
    var members: [String: JSONValue] = ["method": .string(method), "url": .string(url)]
    if delayMs > 0 { members["delayMs"] = .number(delayMs) }
    members["body"] = body
    guard let answer else {
      members["cut"] = true
      return .object(members)
    }
    members["status"] = .number(answer.status)
    members["contentType"] = .string(answer.contentType)
    members["headers"] = .array(
      answer.headers.map { ["name": .string($0.name), "value": .string($0.value)] })
    members["bodyBytes"] = .number(answer.bodyBytes)
    members["json"] = answer.json
    return .object(members)
  }
}
