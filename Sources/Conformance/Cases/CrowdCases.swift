internal import ConnectorModel
internal import Manifest
internal import Ports

/// Category N, of much at once: many operations, and large answers.
enum CrowdCases {
  static let all: [ConformanceCase] = [crowd, copies]

  private static let operations = 400

  static let crowd = ConformanceCase(
    "N4", ["M-2"], .gold, strength: .performance, seconds: 60,
    "400 operations in flight hold what one does 400 times, and the next 400 no more"
  ) { run throws(CaseStop) in
    // The one that waits longest, since each wave waits for all of it.
    var chosen: (SteppedHost, Transcript, turns: Int)?
    try run.eachPlain { host, transcript, plain in
      if plain.turns > chosen?.turns ?? 1 { chosen = (host, transcript, plain.turns) }
    }
    guard let (host, transcript, _) = chosen else {
      throw .skip(
        "no transcript runs well for more than one turn; an operation that ends at once is never one of many")
    }
    /// Bytes that `count` of them hold while all of them wait.
    func held(by count: Int) -> Int {
      let before = GuardedMemory.allocatedBytes
      let waiting = (0..<count).map { _ in
        let operation = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run)
        operation.begin()
        return operation
      }
      let held = Int(GuardedMemory.allocatedBytes) - Int(before)
      for operation in waiting { while operation.step() {} }
      for operation in waiting { _ = operation.finish() }
      return held
    }
    run.doing("\(operations) of \(transcript.name) at once", rule: "M-2")
    _ = held(by: 8)
    let few = held(by: 32) / 32
    let waves = (0..<3).map { _ in held(by: operations) }
    let each = waves[0] / operations
    if each > few * 2 + 1_024 {
      run.warn("M-2", expected: "\(few) bytes for each, as of 32", happened: "\(each) of \(operations)")
    }
    if waves[2] > waves[0] + waves[0] / 8 {
      run.warn(
        "M-2", expected: "\(waves[0]) bytes in each wave",
        happened: waves.map(String.init).joined(separator: ", "))
    }
    run.note(
      "\(each) bytes for each of \(operations) of \(transcript.name), this runner's own share included")
  }

  /// Of the text that an answer is made longer by.
  private static let padding = 2 << 20
  /// A host that is built for debugging reads each such answer for a second.
  private static let mostOperations = 4

  static let copies = ConformanceCase(
    "N5", ["M-1"], .gold, strength: .performance, seconds: 60,
    "a turn that gets an answer of 2 MiB writes less than 32 times as much"
  ) { run throws(CaseStop) in
    var most: (bytes: Int, name: String)?
    let text = JSONValue.string(String(repeating: "x", count: padding))
    TouchedMemory.makeFresh()
    var asked: Set<String> = []
    try run.eachPlain { host, transcript, plain in
      // One of each operation: the others read the same answers.
      guard plain.exchanges.count == 1, asked.count < mostOperations,
        asked.insert(transcript.operation).inserted
      else { return }
      var plan = SteppedPlan(seed: run.seed)
      plan.rewrite = { answer in
        AnswerRewriting.changed(answer) { value in
          guard case .object(var members) = value else { return value }
          members["pb_padding"] = text
          return .object(members)
        }
      }
      run.doing("an answer of 2 MiB to \(transcript.name)", rule: "M-1")
      let report = SteppedOperation(host, transcript, plan, run).perform()
      guard report.exchanges.contains(where: { $0.answer.body.inlineBytes?.count ?? 0 > padding }) else {
        return
      }
      let bytes = report.touchedBytes.max() ?? 0
      if bytes >= most?.bytes ?? 0 { most = (bytes, transcript.name) }
    }
    guard let most else { throw .skip("no answer of a transcript is an object that can be made longer") }
    if most.bytes >= 32 * padding {
      run.warn("M-1", expected: "less than 64 MiB", happened: "\(most.bytes >> 20) MiB in \(most.name)")
    }
    run.note("\(most.bytes >> 10) KiB in \(most.name), this runner's own share included")
  }
}
