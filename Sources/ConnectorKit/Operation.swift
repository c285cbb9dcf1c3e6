/// One thing a connector can do, by kind and name.
///
/// Made by ``Action``, ``Sync``, ``Webhook`` and ``Health``.
public struct Operation: Sendable {
  typealias Body = @Sendable (OperationContext) async throws -> [UInt8]

  public let kind: OperationStart.Kind
  public let name: String
  let body: Body

  init(_ kind: OperationStart.Kind, name: String, body: @escaping Body) {
    self.kind = kind
    self.name = name
    self.body = body
  }
}

/// Declares an action, with a typed input and output that travel as JSON.
public func Action<Input: Decodable & SendableMetatype, Output: Encodable & SendableMetatype>(
  _ name: String,
  _ run: @escaping @Sendable (Input, OperationContext) async throws -> Output
) -> Operation {
  Operation(.action, name: name) { context in
    let input = try InputDecoding.decode(Input.self, from: context.run.takeInput())
    return try StableJSON.encode(try await run(input, context))
  }
}

/// Declares a stream of records: `run` emits `record` and `checkpoint` and returns the next cursor.
///
/// A record is an object with an `id` that stays the same, so that what is read again is stored once. The host also
/// knows `subject` (what it is about, a post's id for instance; the id by default), `kind` (the stream's name by
/// default) and `at` (RFC 3339; when it was first seen by default). A checkpoint is a ``SyncEnd``: the records before it
/// are stored with its cursor, and a run that is cut off goes on there, in the same window.
public func Sync(
  _ name: String,
  _ run: @escaping @Sendable (SyncWindow, OperationContext) async throws -> SyncEnd
) -> Operation {
  Operation(.sync, name: name) { context in
    let window = try InputDecoding.decode(SyncWindow.self, from: context.run.takeInput())
    return try StableJSON.encode(try await run(window, context))
  }
}

/// Declares what becomes of a webhook; its signature has been checked by the host.
public func Webhook(
  _ name: String,
  _ run: @escaping @Sendable (_ body: [UInt8], OperationContext) async throws -> WebhookAnswer
) -> Operation {
  Operation(.webhook, name: name) { context in
    try StableJSON.encode(try await run(context.run.takeInput().inlineBytes ?? [], context))
  }
}

/// Declares the connector's own health check.
public func Health(
  _ run: @escaping @Sendable (OperationContext) async throws -> HealthReport
) -> Operation {
  Operation(.health, name: "") { context in
    try StableJSON.encode(try await run(context))
  }
}

/// Lists operations one a line.
@resultBuilder
public enum OperationsBuilder {
  public static func buildBlock(_ operations: Operation...) -> [Operation] { operations }
}

/// What part of a stream to read.
public struct SyncWindow: Codable, Sendable {
  /// Where the last run ended; nil at the first.
  public var cursor: String?
  /// RFC 3339 in UTC.
  public var since: String?
  public var until: String?
}

/// Where a stream's next run begins.
public struct SyncEnd: Codable, Sendable {
  public var cursor: String?

  public init(cursor: String?) { self.cursor = cursor }
}

/// What the host should do with a webhook.
public struct WebhookAnswer: Codable, Sendable {
  public enum Verdict: String, Codable, Sendable { case accept, reject, challenge }

  public var verdict: Verdict
  /// The text to answer with, for challenges.
  public var response: String?
  public var events: [JSONValue]

  public init(_ verdict: Verdict, response: String? = nil, events: [JSONValue] = []) {
    self.verdict = verdict
    self.response = response
    self.events = events
  }
}

/// How a connector found its platform.
public struct HealthReport: Codable, Sendable {
  public enum Status: String, Codable, Sendable { case ok, degraded, failing }

  public struct Check: Codable, Sendable {
    public var name: String
    public var status: Status
    public var message: String?

    public init(_ name: String, _ status: Status, message: String? = nil) {
      self.name = name
      self.status = status
      self.message = message
    }
  }

  public var status: Status
  public var checks: [Check]

  /// The report's status is that of its worst check.
  public init(_ checks: [Check]) {
    self.checks = checks
    status =
      checks.contains { $0.status == .failing }
      ? .failing : checks.contains { $0.status == .degraded } ? .degraded : .ok
  }
}
