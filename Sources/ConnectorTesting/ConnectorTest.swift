@_spi(Testing) public import ConnectorKit

/// Runs operations of a connector against transcripts, with no host, no network and no real clock.
///
///     let run = try ConnectorTest(Acme.self).run("post.publish", input: #"{"text":"Hello"}"#, [
///       .http("POST", "/posts", status: 201, json: #"{"id":"1"}"#)
///     ])
///     #expect(try run.output() == ...)
public struct ConnectorTest {
  /// In which order the events of a turn's effects come back.
  public enum Delivery: Sendable, CaseIterable {
    /// All at once, in push order.
    case together
    /// One a turn, in push order.
    case oneByOne
    /// One a turn, last pushed first.
    case reversed
  }

  private let operations: [ConnectorKit.Operation]

  /// The manifest's configuration.
  public var configuration = ConnectorConfiguration()
  /// All chance of the operation comes from here.
  public var seed: UInt64 = 1
  /// Nanoseconds since 1970 at the first turn, by default 2026-01-01T00:00:00Z.
  public var startTime: UInt64 = 1_767_225_600_000_000_000
  public var attributes: [HeaderField] = []
  public var idempotencyKey = ""
  public var delivery = Delivery.together
  /// Cancels the operation before this turn, counted from 1 for the first `resume`.
  public var cancelBeforeTurn: Int?

  public init(_ connector: (some Connector).Type) {
    ForeignWork.watch()
    operations = connector.operations
  }

  /// Runs an operation to its end.
  ///
  /// - Parameter input: JSON; for a webhook the raw body.
  /// - Throws: ``TranscriptMismatch`` when the connector asks for something else, or ends before the transcript.
  public func run(
    _ name: String, kind: OperationStart.Kind = .action, input: String = "{}", _ transcript: Transcript = []
  ) throws -> ConnectorRun {
    guard let operation = operations.first(where: { $0.kind == kind && $0.name == name }) else {
      throw TranscriptMismatch("the connector has no \(kind) \"\(name)\"")
    }
    let bytes = Array(input.utf8)
    let start = OperationStart(
      kind: kind, name: name, input: kind == .webhook ? .bytes(bytes, contentType: "") : .json(bytes),
      attributes: attributes, deadline: startTime + 300_000_000_000, seed: seed,
      idempotencyKey: idempotencyKey)
    let host = ScriptedHost(transcript, now: startTime, seed: seed)
    let run = OperationRun(configuration)
    run.begin(operation, start, host)
    var turn = 1
    while host.terminal == nil {
      if turn == cancelBeforeTurn {
        host.dropOutstanding()
        run.resume([Event(effect: 0, .cancel)], host)
      } else {
        let events = try host.nextEvents(delivery)
        if !events.isEmpty { run.resume(events, host) }
      }
      turn += 1
      guard turn < 10_000 else { throw TranscriptMismatch("the operation did not end within 10,000 turns") }
    }
    run.end()
    if cancelBeforeTurn == nil { try host.checkUsedUp() }
    return host.finished(turns: turn)
  }
}

/// How a scripted operation went.
public struct ConnectorRun: Sendable {
  public enum Terminal: Sendable, Equatable {
    case completed([UInt8])
    case failed(OperationError)
  }

  public let terminal: Terminal
  /// In push order.
  public let effects: [Effect]
  public let records: [(stream: String, json: [UInt8])]
  public let logLines: [String]
  /// Nanoseconds since 1970 at the end.
  public let endTime: UInt64
  public let turns: Int

  /// The result as a value.
  ///
  /// - Throws: the operation's error when it failed.
  public func output<Output: Decodable>(_ type: Output.Type = Output.self) throws -> Output {
    switch terminal {
    case .completed(let json): try StableJSON.decode(type, from: json)
    case .failed(let error): throw error
    }
  }

  /// The operation's error, nil when it completed.
  public var error: OperationError? {
    guard case .failed(let error) = terminal else { return nil }
    return error
  }

  /// Everything the operation asked for and how it ended, as text that is equal when the behaviour is.
  public var account: String {
    let lines = effects.enumerated().map { index, effect in "\(index + 1) \(Self.describe(effect))" }
    let end =
      switch terminal {
      case .completed(let json): "completed \(String(decoding: json, as: UTF8.self))"
      case .failed(let error): "failed \(error)"
      }
    return (lines + [end]).joined(separator: "\n")
  }

  private static func describe(_ effect: Effect) -> String {
    switch effect {
    case .http(let request):
      let headers = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
      let body =
        request.body.map { "\($0.inlineBytes.map { String(decoding: $0, as: UTF8.self) } ?? "\($0)")" } ?? ""
      return "\(request.method) \(request.url) \(request.endpoint) \(request.auth) [\(headers)] \(body)"
    case .keyValue(let request): return "kv \(request)"
    case .timer(let delay): return "timer \(delay)"
    }
  }
}
