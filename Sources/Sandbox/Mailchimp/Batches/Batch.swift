internal import ConnectorModel

/// Many operations handed over at once, worked off one after the other in sandbox time.
struct Batch: Sendable {
  let id: String
  let user: MailchimpUser
  /// The host it came to, for the links in its answers.
  let host: String
  let submitted: SandboxInstant
  let operations: [Operation]
  private(set) var results: [Result] = []
  private(set) var finished = 0
  private(set) var errored = 0
  private(set) var stage = Stage.pending
  private(set) var completed: SandboxInstant?
  /// When it goes on; nil once it is finished.
  private(set) var nextStep: SandboxInstant?

  enum Stage: String, Sendable {
    case pending, preprocessing, started, finalizing, finished
  }

  struct Operation: Sendable {
    let id: String
    let method: String
    /// Under `/3.0`.
    let path: String
    let query: [NamedText]
    /// JSON as text, as it was given; empty for none.
    let body: String
  }

  struct Result: Sendable {
    let operationID: String
    let status: Int
    let response: String

    var json: JSONValue {
      [
        "status_code": .number(status), "operation_id": .string(operationID), "response": .string(response),
      ]
    }
  }

  static let schema = ObjectSchema(
    [
      "operations": .array(
        of: .object(
          ObjectSchema(
            [
              "method": .choice(["GET", "POST", "PUT", "PATCH", "DELETE"]), "path": .string,
              "params": .anyObject, "body": .string, "operation_id": .string,
            ], required: ["method", "path"])))
    ], required: ["operations"])
  static let stageMs: Int64 = 1000
  static let operationMs: Int64 = 50
  static let keptMs: Int64 = 7 * 86_400_000

  init(
    id: String, user: MailchimpUser, host: String, operations: [Operation], at now: SandboxInstant
  ) {
    self.id = id
    self.user = user
    self.host = host
    self.operations = operations
    submitted = now
    nextStep = now.advanced(byMilliseconds: Self.stageMs)
  }

  /// Goes one step on and returns the operation that is to be run now, if any; give its results to `settle`.
  mutating func step(at time: SandboxInstant) -> Operation? {
    switch stage {
    case .pending:
      stage = .preprocessing
      nextStep = time.advanced(byMilliseconds: Self.stageMs)
    case .preprocessing:
      stage = .started
      nextStep = time.advanced(byMilliseconds: Self.operationMs)
    case .started:
      finished += 1
      let isLast = finished >= operations.count
      nextStep = time.advanced(byMilliseconds: isLast ? Self.stageMs : Self.operationMs)
      if isLast { stage = .finalizing }
      return operations[finished - 1]
    case .finalizing:
      stage = .finished
      completed = time
      nextStep = nil
      shuffle()
    case .finished: nextStep = nil
    }
    return nil
  }

  mutating func settle(_ results: [Result]) {
    self.results += results
    if results.contains(where: { $0.status >= 400 }) { errored += 1 }
  }

  /// Nobody may rely on the order of results, so it is another one than that of the operations.
  private mutating func shuffle() {
    var source = SplitMix64(seed: UInt64(id, radix: 16) ?? 0)
    results.shuffle(using: &source)
  }

  func hasResults(at now: SandboxInstant) -> Bool {
    completed.map { now < $0.advanced(byMilliseconds: Self.keptMs) } ?? false
  }

  /// The gzipped tape archive of the results: files with JSON arrays.
  var archive: [UInt8] {
    let size = 500
    let files = stride(from: 0, to: max(1, results.count), by: size).map { start in
      let part = JSONValue.array(results.dropFirst(start).prefix(size).map(\.json))
      return (name: "\(Digest.md5("\(id) \(start)").prefix(12)).json", bytes: part.bytes)
    }
    return Gzip.compress(Tar.archive(files, at: completed?.seconds ?? 0))
  }
}
