internal import ConnectorModel
internal import Dispatch
internal import Egress
internal import Manifest
internal import Operations
internal import Ports
internal import Synchronization

/// One operation, stepped in the order that a plan chooses, on the real bridge and the real egress policy.
///
/// Its clock, its platform and its state are its own, so that equal plans see equal worlds.
final class SteppedOperation {
  private let host: SteppedHost
  private let transcript: Transcript
  private let plan: SteppedPlan
  private let run: CaseRun
  private let clock: JumpingClock
  private let platform: ScriptedPlatform
  private let egress: Egress
  private let keyValues = MemoryKeyValueStore()
  private let connection: Connection
  private let blobs: OperationBlobs
  private let lines = LogLines()
  private var choice: SplitMix64
  private var random: SplitMix64
  private var report = SteppedReport()
  private var operation: (any StepOperation)?
  private var pending: [(id: UInt64, effect: Effect)] = []
  private var ready: [Event] = []
  private var nextEffect: UInt64 = 1
  private var effectsLeft: Int
  private var httpCount = 0
  private let deadline: UInt64
  /// What each turn was given and what it pushed, for a replay.
  private var history: [(turn: Turn, events: [Event], pushed: TurnRecord)] = []

  /// No operation of a transcript needs more.
  private static let maximumTurns = 400

  init(_ host: SteppedHost, _ transcript: Transcript, _ plan: SteppedPlan, _ run: CaseRun) {
    self.host = host
    self.transcript = transcript
    self.plan = plan
    self.run = run
    clock = JumpingClock(unixNanoseconds: transcript.now)
    platform = ScriptedPlatform(
      transcript, host.manifest, repeatsAnswers: plan.repeatsAnswers, rewrite: plan.rewrite ?? { $0 })
    egress = Egress(
      manifest: host.manifest, tokens: CanaryTokens(), transport: platform, clock: clock, seed: plan.seed)
    connection = Connection(id: plan.connection, variables: transcript.variables)
    blobs = InventedMedia.blobs(in: plan.input ?? transcript.input)
    choice = SplitMix64(seed: plan.seed ^ 0x5A5A)
    random = SplitMix64(seed: 7)
    effectsLeft = host.manifest.limits.operation.effects
    let allowed = plan.deadline ?? host.manifest.limits.operation.deadline
    deadline =
      allowed < .zero
      ? transcript.now - (Duration.zero - allowed).after(0) : allowed.after(transcript.now)
  }

  /// Runs it to its end.
  func perform() -> SteppedReport {
    begin()
    while step() {}
    return finish()
  }

  /// Runs the first turn.
  func begin() {
    run.doing("begin of \(transcript.name)", rule: "S-7")
    let (start, turn) = (start, turn())
    let touched = TouchedMemory.bytes
    let made = onThread { [host] in host.instance.begin(start, turn) }
    report.touchedBytes.append(TouchedMemory.bytes - touched)
    operation = made.operation
    history.append((turn, [], made.pushed))
    take(made.pushed, events: ["begin \(transcript.kind) \(transcript.operation)"])
  }

  /// Runs the next turn; false when there is none.
  func step() -> Bool {
    guard !hasEnded, plan.endAfter != report.turns else { return false }
    if plan.cancelAfter == report.turns {
      cancel()
      return false
    }
    guard report.turns < Self.maximumTurns else {
      report.end = .endless("\(report.turns) turns")
      return false
    }
    if plan.replayAfter == report.turns { replay() }
    if plan.hasStrayEvents, !hasEnded {
      let stale = history.last?.events.first
      resume([Event(effect: 1 << 40, .timer)])
      if let stale, !hasEnded { resume([stale]) }
    }
    guard !hasEnded, let events = nextEvents() else { return false }
    resume(events)
    return !hasEnded
  }

  /// Frees it, and says how it went.
  func finish() -> SteppedReport {
    if let operation {
      run.doing("end of \(transcript.name)", rule: "L-5")
      onThread { operation.end() }
    }
    report.requests = platform.requests
    report.unexpected = platform.unexpected
    report.unused = platform.unused.map { "\($0.method) \($0.url)" }
    report.logLines = lines.all
    egress.operationEnded("op-1")
    return report
  }

  private var hasEnded = false

  private func end(_ end: SteppedReport.End) {
    guard !hasEnded else { return }
    report.end = end
    hasEnded = true
  }

  // MARK: Turns

  private var start: OperationStart {
    var attributes = [HeaderField("patchbay.connection", connection.id)]
    for (name, value) in connection.variables.sorted(by: { $0.key < $1.key }) {
      attributes.append(HeaderField("patchbay.var.\(name)", value))
    }
    if plan.mustReconcile ?? transcript.mustReconcile {
      attributes.append(HeaderField("patchbay.reconcile", "1"))
    }
    attributes += transcript.attributes
    let input = plan.input ?? transcript.input
    return OperationStart(
      kind: transcript.kind, name: transcript.operation,
      input: transcript.kind == .webhook ? .bytes(input, contentType: "application/json") : .json(input),
      attributes: attributes, deadline: deadline, seed: 7, idempotencyKey: transcript.idempotencyKey)
  }

  private func resume(_ events: [Event]) {
    guard let operation else {
      return end(.broke(.init(rule: "L-3", what: "there is no operation to resume")))
    }
    run.doing("resume \(report.turns) of \(transcript.name)", rule: "S-7")
    let turn = turn()
    let touched = TouchedMemory.bytes
    let pushed = onThread { operation.resume(events, turn) }
    report.touchedBytes.append(TouchedMemory.bytes - touched)
    history.append((turn, events, pushed))
    take(pushed, events: events.map(StepWords.words(of:)))
  }

  /// Begins it anew and gives it the recorded turns: each must push what it pushed before.
  private func replay() {
    run.doing("replaying \(history.count) turns of \(transcript.name)", rule: "S-6")
    if let operation { onThread { operation.end() } }
    let (start, first) = (start, history[0].turn)
    let made = onThread { [host] in host.instance.begin(start, first) }
    operation = made.operation
    var again = [made.pushed]
    for (turn, events, _) in history.dropFirst() {
      guard let operation else { break }
      again.append(onThread { operation.resume(events, turn) })
    }
    for (number, pair) in zip(history, again).enumerated() where pair.0.pushed.pushes != pair.1.pushes {
      return end(
        .broke(.init(rule: "S-6", what: "turn \(number + 1) pushes something else when it is replayed")))
    }
    if again.count < history.count {
      end(.broke(.init(rule: "S-6", what: "a replayed operation ended in turn \(again.count)")))
    }
  }

  private func turn() -> Turn {
    Turn(
      unixNanoseconds: clock.unixNanoseconds, firstEffect: nextEffect, effectAllowance: effectsLeft,
      emitAllowance: max(0, plan.emitAllowance - report.records.count), random: random,
      log: { [lines] line in lines.add(line) })
  }

  private func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    let isConfined: Bool
    switch plan.threads {
    case .here: return body()
    case .fresh: isConfined = false
    case .confined: isConfined = true
    }
    let result = NamedThread.run("patchbay-turn", atMost: .seconds(1_000)) {
      GuardedMemory.watchThread()
      if isConfined { _ = GuardedMemory.confineThread() }
      return body()
    }
    // The parent kills this process long before.
    guard let result else { fatalError("a turn did not return although its process was to be killed first") }
    return result
  }

  private func take(_ record: TurnRecord, events: [String]) {
    report.turns += 1
    report.steps.append(
      .init(turn: report.turns, events: events, pushes: record.pushes.map(StepWords.words(of:))))
    random = record.random
    let time = Duration.nanoseconds(Int64(clamping: record.cpuNanoseconds))
    report.slowestTurn = max(report.slowestTurn, time)
    report.turnTimes.append(time)
    report.trace += "turn \(report.turns) \(record.status.name)\n"
    for push in record.pushes { report.trace += "\(push)\n" }
    if let violation = record.violations.first {
      return end(.broke(.init(rule: violation.rule, what: violation.what)))
    }
    if record.status != .ok {
      return end(
        .broke(.init(rule: "S-9", what: "a turn returned \(record.status.name) instead of pushing `fail`")))
    }
    if report.slowestTurn > .seconds(1) {
      return end(.broke(.init(rule: "S-7", what: "a turn took more than 1 s of CPU time")))
    }
    var outcome: SteppedReport.End?
    for push in record.pushes {
      switch push {
      case .effect(let id, let effect):
        effectsLeft -= 1
        nextEffect = max(nextEffect, id + 1)
        pending.append((id, effect))
      case .cancelEffect(let id):
        pending.removeAll { $0.id == id }
        ready.removeAll { $0.effect == id }
      case .emit(let stream, let payload):
        report.records.append("\(stream) \(payload)")
        if let value = payload.inlineBytes.flatMap({ try? StableJSON.decode(JSONValue.self, from: $0) }) {
          report.emitted.append((stream, value))
        }
      case .complete(let payload): outcome = .completed(payload.inlineBytes ?? [])
      case .fail(let error): outcome = .failed(error)
      }
    }
    if let outcome { return end(outcome) }
    if operation == nil {
      return end(
        .broke(.init(rule: "L-3", what: "begin returned no operation although the turn did not end it")))
    }
    if pending.isEmpty, ready.isEmpty {
      end(.broke(.init(rule: "S-1", what: "a turn ended without a result and waits for no effect")))
    }
  }

  private func cancel() {
    guard host.instance.wantsCleanup else { return end(.stopped) }
    pending = []
    ready = []
    resume([Event(effect: 0, .cancel)])
    for _ in 0..<8 where !hasEnded {
      guard let events = nextEvents() else { return }
      resume(events)
    }
    report.wasCancelledCleanly = hasEnded
    end(.stopped)
  }

  // MARK: Effects

  /// The results that the next turn gets; nil when none will ever come.
  private func nextEvents() -> [Event]? {
    for (id, effect) in pending { ready.append(Event(effect: id, perform(effect))) }
    pending = []
    clock.advance(by: plan.latency)
    if !plan.clockJumps.isEmpty { clock.move(by: plan.clockJumps[report.turns % plan.clockJumps.count]) }
    guard clock.unixNanoseconds < deadline || (plan.deadline ?? .zero) < .zero else {
      end(.endless(SteppedReport.deadlinePassed))
      return nil
    }
    switch plan.order {
    case .asPushed: break
    case .reversed: ready.reverse()
    case .shuffled: ready.shuffle(using: &choice)
    }
    let count =
      switch plan.batching {
      case .together: ready.count
      case .single: 1
      case .shuffled: Int.random(in: 1...max(1, ready.count), using: &choice)
      }
    defer { ready.removeFirst(min(count, ready.count)) }
    return Array(ready.prefix(count))
  }

  private func perform(_ effect: Effect) -> Event.Kind {
    switch effect {
    case .timer(let delay):
      clock.advance(by: delay)
      return .timer
    case .keyValue(let request):
      defer { report.keyValueEffects += 1 }
      if let code = plan.keyValueFaults[report.keyValueEffects] {
        return .keyValue(KeyValueAnswer(outcome: code, message: "the store said so"))
      }
      if let answer = plan.keyValueAnswers[report.keyValueEffects] { return .keyValue(answer) }
      let answer = Mutex(KeyValueAnswer(outcome: .internal))
      keyValues.perform(
        request, connection: connection.id, connector: host.instance.id, now: clock.unixNanoseconds,
        effect: nil
      ) { told in answer.withLock { $0 = told } }
      return .keyValue(answer.withLock { $0 })
    case .http(let request): return .http(perform(request))
    }
  }

  private func perform(_ request: HTTPRequest) -> HTTPAnswer {
    if plan.refusals.contains(httpCount) {
      httpCount += 1
      let answer = HTTPAnswer(outcome: .permission, message: "the host does not allow this request")
      report.exchanges.append(.init(request: request, answer: answer, requests: 0, turn: report.turns))
      return answer
    }
    platform.meet(plan.faults[httpCount] ?? plan.standingFault)
    platform.bring(plan.answers[httpCount])
    httpCount += 1
    let scope = OperationScope(
      operation: "op-1", connection: connection, deadline: deadline, blobs: blobs)
    let delivered = DispatchSemaphore(value: 0)
    let performed = Mutex(PerformedHTTP(answer: HTTPAnswer(outcome: .internal)))
    _ = egress.perform(request, for: scope) { told in
      performed.withLock { $0 = told }
      delivered.signal()
    }
    _ = delivered.wait(timeout: .now() + .seconds(30))
    let told = performed.withLock { $0 }
    for stray in platform.unexpected.dropFirst(report.strays.count) {
      report.strays.append(.init(turn: report.turns, request: stray))
    }
    report.exchanges.append(
      .init(
        request: request, answer: told.answer, requests: told.requests, turn: report.turns,
        isWrite: egress.isWrite(request, of: connection)))
    return told.answer
  }
}

/// What a connector logged.
private final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  func add(_ line: ConnectorLogLine) {
    lines.withLock { $0.append("\(line.message) \(line.fields.map(\.value).joined(separator: " "))") }
  }
}
