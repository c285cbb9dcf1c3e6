internal import ConnectorModel
internal import Manifest
internal import Ports

/// How an operation is stepped: what the contract leaves open is chosen here.
struct SteppedPlan: Sendable {
  /// In which order results that are there are delivered.
  enum Order: String, Sendable, CaseIterable { case asPushed = "as_pushed", reversed, shuffled }
  /// How many of them a resume brings.
  enum Batching: String, Sendable, CaseIterable { case together, single, shuffled }
  /// On which threads the turns run.
  enum Threads: Sendable {
    case here
    /// A new one for each turn.
    case fresh
    /// A new one for each turn, on which system calls are trapped.
    case confined
  }

  var seed: UInt64
  var order = Order.asPushed
  var batching = Batching.together
  var threads = Threads.here
  /// Faults by the ordinal of the HTTP effect, from 0.
  var faults: [Int: PlatformFault] = [:]
  /// Outcomes of key-value effects by their ordinal, from 0.
  var keyValueFaults: [Int: OutcomeCode] = [:]
  /// Cancel after so many turns.
  var cancelAfter: Int?
  /// Call `end` after so many turns, whatever the operation waits for.
  var endAfter: Int?
  /// End it after so many turns, as a host that dies does, begin it again, and replay what was recorded.
  var replayAfter: Int?
  var input: [UInt8]?
  var mustReconcile: Bool?
  /// Whose account it is about.
  var connection = "con_1"
  /// What the wire brings instead, by the ordinal of the HTTP effect.
  var answers: [Int: TransportResult] = [:]
  /// Every request meets it.
  var standingFault: PlatformFault?
  /// Changes each answer that is not a fault.
  var rewrite: (@Sendable (TransportAnswer) -> TransportAnswer)?
  /// A question is answered the first way for ever.
  var repeatsAnswers = false
  /// HTTP effects that the host refuses, by their ordinal.
  var refusals: Set<Int> = []
  /// What the store says instead, by the ordinal of the access.
  var keyValueAnswers: [Int: KeyValueAnswer] = [:]
  /// Before each batch comes one event for an effect that never was, and one that came before.
  var hasStrayEvents = false
  /// How long each batch takes.
  var latency = Duration.zero
  /// By how much the clock is moved before the n-th turn after the first, in turn.
  var clockJumps: [Duration] = []
  /// From the start on; the manifest's when nil.
  ///
  /// One before the start is left to the network's edge.
  var deadline: Duration?
  /// Records that are taken over the operation's life.
  var emitAllowance = 10_000

  init(seed: UInt64) { self.seed = seed }
}

/// How a stepped operation went.
struct SteppedReport: Sendable {
  enum End: Sendable, Equatable {
    case completed([UInt8])
    case failed(OperationError)
    /// A rule was broken.
    case broke(RuleName)
    /// The host ended it, as the plan said.
    case stopped
    /// It was still under way when the host's bound of turns was reached, or its deadline passed.
    case endless(String)
  }

  /// One turn for people: what came in and what went out.
  struct Step: Sendable, Codable, Equatable {
    /// From 1.
    var turn: Int
    var events: [String]
    var pushes: [String]
  }

  /// A request that no exchange of the transcript answers.
  struct Stray: Sendable, Equatable {
    var turn: Int
    var request: String
  }

  struct RuleName: Sendable, Equatable {
    var rule: String
    var what: String
  }

  /// An HTTP effect and what the connector was told.
  struct Exchange: Sendable {
    var request: HTTPRequest
    var answer: HTTPAnswer
    var requests: Int
    /// The turn that pushed it, from 1.
    var turn: Int
    /// It may change the platform's state, as the manifest says.
    var isWrite = false
  }

  static let deadlinePassed = "its deadline passed"

  var end = End.stopped
  var turns = 0
  var exchanges: [Exchange] = []
  var keyValueEffects = 0
  /// Everything that was pushed, a line a push.
  var trace = ""
  var records: [String] = []
  /// Records that are JSON, with their streams, in order.
  var emitted: [(stream: String, value: JSONValue)] = []
  /// Bytes of fresh memory that each turn wrote to, on this thread; only where `TouchedMemory` is fresh.
  var touchedBytes: [Int] = []
  /// CPU time of each turn.
  var turnTimes: [Duration] = []
  /// What the platform saw, in order.
  var requests: [ScriptedPlatform.Request] = []
  var unexpected: [String] = []
  var steps: [Step] = []
  var strays: [Stray] = []
  var unused: [String] = []
  var logLines: [String] = []
  var slowestTurn = Duration.zero
  /// The cancelled operation said that it had ended.
  var wasCancelledCleanly = false

  /// What must not depend on order, batching, threads or neighbours.
  var signature: String {
    let sent = requests.map { "\($0.method) \($0.url) \(String(decoding: $0.body, as: UTF8.self))" }.sorted()
    return ([endText] + sent + records).joined(separator: "\n")
  }

  /// How it ended by itself; nil when it did not.
  var code: OutcomeCode? {
    switch end {
    case .completed: .ok
    case .failed(let error): error.code
    case .broke, .stopped, .endless: nil
    }
  }

  var endText: String {
    switch end {
    case .completed(let bytes): "completed \(String(decoding: bytes, as: UTF8.self))"
    case .failed(let error): "failed \(error.code.name): \(error.message)"
    case .broke(let violation): "broke \(violation.rule): \(violation.what)"
    case .stopped: "stopped by the host"
    case .endless(let reason): "did not end: \(reason)"
    }
  }
}
