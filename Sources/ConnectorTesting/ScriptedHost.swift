@_spi(Testing) internal import ConnectorKit

/// The host of a scripted run: answers from a transcript, on a virtual clock.
///
/// Used by one thread, turn by turn.
final class ScriptedHost: Outlet {
  private struct Outstanding {
    let event: Event
    let due: UInt64
  }

  private var script: [Transcript.Exchange]
  private var generator: SplitMix64
  private var nextEffect: UInt64 = 1
  private var outstanding: [Outstanding] = []
  private var mismatch: TranscriptMismatch?
  private var store: [String: (value: [UInt8], version: UInt64)] = [:]
  private var lastVersion: UInt64 = 0
  private var effects: [Effect] = []
  private var records: [(stream: String, json: [UInt8])] = []
  private var logLines: [String] = []
  private(set) var unixNanoseconds: UInt64
  private(set) var terminal: ConnectorRun.Terminal?

  init(_ transcript: Transcript, now: UInt64, seed: UInt64) {
    script = transcript.exchanges
    unixNanoseconds = now
    generator = SplitMix64(seed: seed)
  }

  // MARK: Driving

  /// The events of the next turn, after moving the clock to the first that is due.
  func nextEvents(_ delivery: ConnectorTest.Delivery) throws -> [Event] {
    if let mismatch { throw mismatch }
    guard let due = outstanding.map(\.due).min() else { return [] }
    unixNanoseconds = max(unixNanoseconds, due)
    let ready = outstanding.filter { $0.due <= unixNanoseconds }.map(\.event)
    let chosen =
      switch delivery {
      case .together: ready
      case .oneByOne: Array(ready.prefix(1))
      case .reversed: Array(ready.suffix(1))
      }
    outstanding.removeAll { waiting in chosen.contains { $0.effect == waiting.event.effect } }
    return chosen
  }

  func dropOutstanding() { outstanding = [] }

  func checkUsedUp() throws {
    if let mismatch { throw mismatch }
    if let next = script.first {
      throw TranscriptMismatch("the operation ended before \(next.method) \(next.url)")
    }
  }

  func finished(turns: Int) -> ConnectorRun {
    ConnectorRun(
      terminal: terminal ?? .failed(OperationError(.internal, "no terminal")), effects: effects,
      records: records,
      logLines: logLines, endTime: unixNanoseconds, turns: turns)
  }

  // MARK: Outlet

  func push(_ effect: Effect) -> UInt64 {
    let id = nextEffect
    nextEffect += 1
    effects.append(effect)
    switch effect {
    case .timer(let delay):
      outstanding.append(
        Outstanding(event: Event(effect: id, .timer), due: unixNanoseconds + delay.nanoseconds))
    case .keyValue(let request):
      outstanding.append(
        Outstanding(event: Event(effect: id, .keyValue(access(request))), due: unixNanoseconds))
    case .http(let request):
      answer(request, id)
    }
    return id
  }

  private func answer(_ request: HTTPRequest, _ id: UInt64) {
    guard mismatch == nil else { return }
    guard !script.isEmpty else {
      mismatch = TranscriptMismatch(
        "the transcript is used up, but the connector pushed \(request.method) \(request.url)")
      return
    }
    let expected = script.removeFirst()
    guard expected.fits(request) else {
      mismatch = TranscriptMismatch(
        "expected \(expected.method) \(expected.url), the connector pushed \(request.method) \(request.url)")
      return
    }
    if let auth = expected.auth, auth != request.auth {
      mismatch = TranscriptMismatch(
        "\(request.url): expected auth \"\(auth)\", the connector named \"\(request.auth)\"")
      return
    }
    do {
      try expected.check?(request)
    } catch {
      mismatch = TranscriptMismatch("\(request.method) \(request.url): \(error)")
      return
    }
    var answer = expected.answer
    if request.options.contains(.raw), answer.status != 0 { answer.outcome = .ok }
    outstanding.append(
      Outstanding(event: Event(effect: id, .http(answer)), due: unixNanoseconds + expected.delay.nanoseconds))
  }

  private func access(_ request: KeyValueRequest) -> KeyValueAnswer {
    let current = store[request.key]
    if request.verb == .get {
      guard let current else { return KeyValueAnswer(outcome: .notFound) }
      return KeyValueAnswer(outcome: .ok, value: current.value, version: current.version)
    }
    let holds =
      switch request.condition {
      case .any: true
      case .absent: current == nil
      case .version(let version): current?.version == version
      }
    guard holds else {
      return KeyValueAnswer(
        outcome: .conflict, value: current?.value ?? [], version: current?.version ?? 0,
        message: "the version differs")
    }
    lastVersion += 1
    store[request.key] = request.verb == .put ? (request.value, lastVersion) : nil
    return KeyValueAnswer(outcome: .ok, version: lastVersion)
  }

  func cancelEffect(_ id: UInt64) { outstanding.removeAll { $0.event.effect == id } }

  func emit(_ stream: String, _ payload: Payload) -> OutcomeCode {
    records.append((stream, payload.inlineBytes ?? []))
    return .ok
  }

  func complete(_ json: [UInt8]) { end(.completed(json)) }
  func fail(_ error: OperationError) { end(.failed(error)) }

  private func end(_ terminal: ConnectorRun.Terminal) {
    if self.terminal != nil { mismatch = TranscriptMismatch("S-2: the operation ended twice") }
    self.terminal = terminal
  }

  func random() -> UInt64 { generator.next() }
  var shouldStop: Bool { false }
  func isLogged(_ level: LogLevel) -> Bool { true }
  func log(_ level: LogLevel, _ message: String, _ fields: [HeaderField]) {
    logLines.append("\(level): \(message)")
  }
  func metric(_ kind: MetricKind, _ name: String, _ value: Double, _ labels: [HeaderField]) {}
}

extension Duration {
  fileprivate var nanoseconds: UInt64 {
    UInt64(max(0, components.seconds)) * 1_000_000_000 + UInt64(max(0, components.attoseconds))
      / 1_000_000_000
  }
}
