internal import ConnectorModel
internal import Ports
internal import Runtime

/// One operation of the API: what the router does with it and what `/openapi.json` says of it.
struct Route: Sendable {
  enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// Who may come in.
  enum Access: Sendable, Equatable {
    case everybody
    /// Everybody where the host listens on loopback only, else a key with this scope.
    case everybodyOnLoopback(APIKey.Scope)
    case key(APIKey.Scope)
  }

  /// A successful answer, by its status.
  struct Success: Sendable {
    var status: Int
    var words: String
    /// Nil where there is no body.
    var mediaType: String?
    var schema: Schema

    static func json(_ schema: Schema, _ words: String, status: Int = 200) -> Success {
      Success(status: status, words: words, mediaType: Answer.jsonMediaType, schema: schema)
    }

    static func text(_ mediaType: String, _ words: String, status: Int = 200) -> Success {
      Success(status: status, words: words, mediaType: mediaType, schema: .text)
    }

    static func none(_ words: String) -> Success {
      Success(status: 204, words: words, mediaType: nil, schema: .anything)
    }
  }

  enum Handler: Sendable {
    case open(@Sendable (any APIService) async -> Answer)
    case keyed(@Sendable (Call) async throws -> Answer)
    /// Takes the body as it comes in, whatever its type.
    case streamed(@Sendable (Call, UploadBody) async throws -> Answer)
  }

  var method: Method
  /// `{name}` stands for one segment.
  var template: String
  var operationID: String
  var summary: String
  var access: Access
  var query: [QueryParameter]
  /// Nil where no body is taken.
  var body: Schema?
  var successes: [Success]
  /// What can be wrong beside what can be wrong with every request of its kind.
  var problems: [Problem.Code]
  var handler: Handler

  /// A route that only keys with the scope may call.
  init(
    _ method: Method, _ template: String, _ operationID: String, _ summary: String, _ scope: APIKey.Scope,
    query: [QueryParameter] = [], body: Schema? = nil, _ successes: [Success], problems: [Problem.Code] = [],
    respond: @escaping @Sendable (Call) async throws -> Answer
  ) {
    self.method = method
    self.template = template
    self.operationID = operationID
    self.summary = summary
    access = .key(scope)
    self.query = query
    self.body = body
    self.successes = successes
    self.problems = problems
    handler = .keyed(respond)
  }

  /// A route that takes a file as its body, never whole in memory.
  init(
    taking template: String, _ operationID: String, _ summary: String, _ scope: APIKey.Scope,
    _ successes: [Success], problems: [Problem.Code] = [],
    respond: @escaping @Sendable (Call, UploadBody) async throws -> Answer
  ) {
    method = .post
    self.template = template
    self.operationID = operationID
    self.summary = summary
    access = .key(scope)
    query = []
    body = nil
    self.successes = successes
    self.problems = problems
    handler = .streamed(respond)
  }

  var takesFile: Bool {
    if case .streamed = handler { true } else { false }
  }

  /// A route that asks for no key.
  init(
    withoutKey template: String, _ operationID: String, _ summary: String, access: Access = .everybody,
    _ successes: [Success], respond: @escaping @Sendable (any APIService) async -> Answer
  ) {
    method = .get
    self.template = template
    self.operationID = operationID
    self.summary = summary
    self.access = access
    query = []
    body = nil
    self.successes = successes
    problems = []
    handler = .open(respond)
  }

  var segments: [Segment] {
    template.split(separator: "/").map { segment in
      segment.hasPrefix("{") ? .parameter(String(segment.dropFirst().dropLast())) : .literal(String(segment))
    }
  }

  enum Segment: Sendable, Equatable {
    case literal(String)
    case parameter(String)
  }

  var parameters: [String] {
    segments.compactMap { segment in
      if case .parameter(let name) = segment { name } else { nil }
    }
  }

  /// Everything that can be wrong, for the description.
  var documentedProblems: [Problem.Code] {
    var codes: [Problem.Code] = [
      .malformedRequest, .requestTimeout, .payloadTooLarge, .headersTooLarge, .internal, .answerTimeout,
    ]
    switch access {
    case .everybody: break
    case .everybodyOnLoopback, .key:
      codes += [.unauthenticated, .forbidden, .invalidInput, .storeUnavailable]
    }
    if !parameters.isEmpty { codes.append(.notFound) }
    if body != nil { codes += [.malformedJSON, .unsupportedMediaType] }
    return (codes + problems).sorted { ($0.status, $0.rawValue) < ($1.status, $1.rawValue) }
  }
}
