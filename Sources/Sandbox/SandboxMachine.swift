internal import ConnectorModel

/// Everything the sandbox knows, as one value: platforms, faults, the log, and its clock's offset.
struct SandboxMachine: Sendable {
  private let seed: UInt64
  private let kinds: [any Platform.Type]
  private var platforms: [any Platform]
  private(set) var faults = FaultBook()
  private(set) var log = RequestLog()
  var transcript = TranscriptLog()
  private var clockOffsetMs: Int64 = 0
  private var inFlight: [String: Int] = [:]
  /// Counts resets, so that a request from before one gives back nothing after it.
  private var generation = 0

  init(platforms kinds: [any Platform.Type], seed: UInt64) {
    self.kinds = kinds
    self.seed = seed
    platforms = kinds.map { $0.init(seed: seed) }
  }

  /// What becomes of one request; `finish` its ticket when the last byte of the answer is written.
  struct Reception: Sendable {
    let ticket: Ticket
    /// Nil where the connection is cut before an answer exists.
    let response: SandboxResponse?
    let effect: FaultEffect?
    /// When, in sandbox time, the answer may be sent; nil for at once.
    let due: SandboxInstant?
  }

  /// A place among the requests in flight of one account.
  struct Ticket: Sendable {
    fileprivate let account: String?
    fileprivate let generation: Int
  }

  /// - Parameter probeStatus: what the URL of `probe(before:)` answered.
  mutating func receive(
    _ request: SandboxRequest, at realTime: SandboxInstant, probeStatus: Int? = nil
  ) -> Reception {
    let now = sandboxTime(realTime)
    let index = platforms.firstIndex { type(of: $0).answers(for: request.host) }
    let account = index.flatMap { index in
      platforms[index].account(behind: request).map { "\(type(of: platforms[index]).name) \($0)" }
    }
    if let account { inFlight[account, default: 0] += 1 }
    let strike = faults.strike(request)
    var response: SandboxResponse?
    var reachedPlatform = false
    switch strike?.fault.effect {
    case .answer(let answer): response = answer
    case .reset(.before): response = nil
    case .timeout(.before): response = nil
    default:
      reachedPlatform = index != nil
      let moment = Moment(
        now: now, requestsInFlight: account.flatMap { inFlight[$0] } ?? 1, probeStatus: probeStatus)
      response = answer(request, in: moment, platform: index)
    }
    var due: SandboxInstant?
    if case .timeout = strike?.fault.effect {
      let timeout = index.map { type(of: platforms[$0]).timeout } ?? ReservedHosts.timeout
      response = timeout.answer
      due = now.advanced(byMilliseconds: timeout.afterMs)
    }
    let isAnswered =
      switch strike?.fault.effect {
      case .reset(.before), .reset(.after): false
      default: true
      }
    log.record(
      request, at: now, status: isAnswered ? response?.status : nil, fault: strike?.id,
      reachedPlatform: reachedPlatform)
    transcript.record(request, response: response, effect: strike?.fault.effect)
    return Reception(
      ticket: Ticket(account: account, generation: generation), response: response,
      effect: strike?.fault.effect, due: due)
  }

  mutating func finish(_ ticket: Ticket) {
    guard ticket.generation == generation, let account = ticket.account, let count = inFlight[account] else {
      return
    }
    inFlight[account] = count > 1 ? count - 1 : nil
  }

  /// Whether a moment of sandbox time has come.
  func isDue(_ due: SandboxInstant, at realTime: SandboxInstant) -> Bool { due <= sandboxTime(realTime) }

  /// A URL that has to be tried before the request is served.
  func probe(before request: SandboxRequest) -> LoopbackURL? {
    platforms.first { type(of: $0).answers(for: request.host) }?.probe(before: request)
  }

  private mutating func answer(
    _ request: SandboxRequest, in moment: Moment, platform index: Int?
  ) -> SandboxResponse {
    guard let index else { return ReservedHosts.refusal(for: request.host) }
    return platforms[index].respond(to: request, in: moment)
  }

  /// What the platforms want sent now, and how long nothing more will come by itself.
  struct OutboundRound: Sendable {
    var errands: [Errand] = []
    /// In real time; nil for ever.
    var pauseMs: Int64?
  }

  /// A call with the platform that wants it.
  struct Errand: Sendable {
    let call: OutboundCall
    fileprivate let platform: Int
    fileprivate let generation: Int
  }

  mutating func outboundRound(at realTime: SandboxInstant) -> OutboundRound {
    let now = sandboxTime(realTime)
    var round = OutboundRound()
    for index in platforms.indices {
      for call in platforms[index].calls(at: now, realTime: realTime) {
        round.errands.append(Errand(call: call, platform: index, generation: generation))
      }
    }
    let next = platforms.compactMap { $0.nextWake(after: now) }.min()
    // What is due and waits for a free place is sent when a call ends, not by the timer.
    round.pauseMs = next.map { max(round.errands.isEmpty ? 50 : 1, $0.milliseconds - now.milliseconds) }
    return round
  }

  mutating func close(_ errand: Errand, status: Int?, at realTime: SandboxInstant) {
    guard errand.generation == generation else { return }
    platforms[errand.platform].close(call: errand.call.id, status: status, at: sandboxTime(realTime))
  }

  mutating func inject(_ fault: SandboxFault) -> String { faults.add(fault) }

  mutating func removeFault(id: String) -> Bool { faults.remove(id: id) }

  mutating func removeFaults() { faults.removeAll() }

  /// A platform's whole state, or nil for an unknown name.
  mutating func state(of name: String, at realTime: SandboxInstant) -> JSONValue? {
    guard let index = platforms.firstIndex(where: { type(of: $0).name == name }) else { return nil }
    return platforms[index].snapshot(at: sandboxTime(realTime))
  }

  var platformNames: [String] { kinds.map { $0.name } }

  /// Back to the seed: platforms, faults, log, transcript, clock and what is in flight.
  mutating func reset() {
    platforms = kinds.map { $0.init(seed: seed) }
    faults = FaultBook()
    log = RequestLog()
    transcript = TranscriptLog()
    clockOffsetMs = 0
    inFlight = [:]
    generation += 1
  }

  /// Moves the sandbox's time forward and returns what it is then.
  mutating func advanceClock(byMilliseconds step: Int64, at realTime: SandboxInstant) -> SandboxInstant {
    clockOffsetMs += step
    return sandboxTime(realTime)
  }

  private func sandboxTime(_ realTime: SandboxInstant) -> SandboxInstant {
    realTime.advanced(byMilliseconds: clockOffsetMs)
  }
}
