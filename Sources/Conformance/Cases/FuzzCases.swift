internal import ConnectorModel
internal import Manifest
internal import Ports

/// Category M, by chance: bounded, and the same again for the same seed.
enum FuzzCases {
  static let all: [ConformanceCase] = [pairs, inputs, answers, sequences, configurations, state, clocks]

  static let pairs = ConformanceCase(
    "M2", ["S-1", "S-9"], .gold, seconds: 40, "two faults in one operation, chosen by chance, end well too"
  ) { run throws(CaseStop) in
    var choice = SplitMix64(seed: run.seed ^ 0x2F)
    var runs = 0
    try run.eachPlain { host, transcript, plain in
      guard plain.exchanges.count > 1 else { return }
      for _ in 0..<12 {
        var plan = SteppedPlan(seed: run.seed)
        for _ in 0..<2 {
          plan.faults[Int.random(in: plain.exchanges.indices, using: &choice)] =
            PlatformFault.allCases.randomElement(using: &choice)
        }
        runs += 1
        let report = SteppedOperation(host, transcript, plan, run).perform()
        let words = plan.faults.sorted { $0.key < $1.key }.map { "\($0.key + 1): \($0.value.rawValue)" }
        run.expectEnd(report, "\(transcript.name), requests \(words.joined(separator: " and "))")
      }
    }
    if runs == 0 { throw .skip("no transcript has two requests") }
    run.note("\(runs) runs")
  }

  static let inputs = ConformanceCase(
    "M3", ["S-9", "S-1", "P-2"], .gold, seconds: 60,
    "inputs that nearly fit are refused, or taken, without harm"
  ) { run throws(CaseStop) in
    var choice = SplitMix64(seed: run.seed ^ 0x3F)
    var runs = 0
    try run.eachPlain { host, transcript, plain in
      guard let value = try? StableJSON.decode(JSONValue.self, from: transcript.input) else { return }
      for _ in 0..<60 {
        var changed = value
        for _ in 0..<Int.random(in: 1...3, using: &choice) { changed = JSONMutation.mutate(changed, &choice) }
        var plan = SteppedPlan(seed: run.seed)
        plan.input = (try? StableJSON.encode(changed)) ?? []
        runs += 1
        let report = SteppedOperation(host, transcript, plan, run).perform()
        run.expectEnd(
          report, "\(transcript.name) with \(String(decoding: plan.input ?? [], as: UTF8.self).cut)")
        if run.hasFindings { return }
      }
    }
    run.note("\(runs) inputs")
  }

  static let answers = ConformanceCase(
    "M4", ["S-9", "S-1", "P-2"], .gold, seconds: 60,
    "answers changed by chance end the operation, and nothing more"
  ) { run throws(CaseStop) in
    var choice = SplitMix64(seed: run.seed ^ 0x4F)
    var runs = 0
    try run.eachPlain { host, transcript, plain in
      guard !plain.exchanges.isEmpty else { return }
      for _ in 0..<24 {
        let draw = choice.next()
        var plan = SteppedPlan(seed: run.seed)
        plan.rewrite = { answer in AnswerRewriting.changed(answer, draw: draw) }
        runs += 1
        let report = SteppedOperation(host, transcript, plan, run).perform()
        run.expectEnd(report, "\(transcript.name), answers changed by draw \(draw)")
        if run.hasFindings { return }
      }
    }
    run.note("\(runs) runs")
  }

  static let sequences = ConformanceCase(
    "M5", ["S-5", "S-6"], .gold, seconds: 60,
    "any order, batching, thread and replay, chosen by chance together, end as the plain run does"
  ) { run throws(CaseStop) in
    var choice = SplitMix64(seed: run.seed ^ 0x5F)
    var runs = 0
    try run.eachPlain { host, transcript, plain in
      guard plain.turns > 1 else { return }
      for _ in 0..<6 {
        var plan = SteppedPlan(seed: choice.next())
        plan.order = [.asPushed, .reversed, .shuffled].randomElement(using: &choice) ?? .shuffled
        plan.batching = [.together, .single, .shuffled].randomElement(using: &choice) ?? .shuffled
        plan.threads = Bool.random(using: &choice) ? .fresh : .here
        if Bool.random(using: &choice) { plan.replayAfter = Int.random(in: 1..<plain.turns, using: &choice) }
        runs += 1
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if report.signature != plain.signature {
          return run.find(
            "S-5", expected: plain.endText.cut,
            happened:
              "\(transcript.name), results \(plan.order) and \(plan.batching), threads \(plan.threads), "
              + "replayed after \(plan.replayAfter ?? 0): \(report.endText.cut)")
        }
      }
    }
    run.note("\(runs) runs")
  }

  static let configurations = ConformanceCase(
    "M6", ["L-2"], .gold, seconds: 30, "a configuration changed by chance makes an instance or a reason"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    var choice = SplitMix64(seed: run.seed ^ 0x6F)
    guard let whole = try? StableJSON.decode(JSONValue.self, from: run.configuration) else { return }
    for time in 1...300 {
      var value = whole
      for _ in 0..<Int.random(in: 1...4, using: &choice) { value = JSONMutation.mutate(value, &choice) }
      var bytes = (try? StableJSON.encode(value)) ?? []
      if time % 5 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &choice))) }
      if time <= 2 || time % 100 == 0 { run.doing("create number \(time)", rule: "L-2") }
      run.judgeCreate(table, bytes, "configuration \(time)")
      if run.hasFindings { return }
    }
  }

  static let state = ConformanceCase(
    "M7", ["S-9", "S-1"], .gold, seconds: 40, "state that an older release or a fault left is survived"
  ) { run throws(CaseStop) in
    let values: [[UInt8]] = [
      [], [0], [0xFF, 0xFE, 0xFD], Array("null".utf8), Array("{".utf8), Array(#"{"v":0}"#.utf8),
      Array(repeating: 0x78, count: 64 << 10), Array("[[[[[[[[".utf8),
      Array(#"{"cursor":{"a":[1,2]},"version":999}"#.utf8),
    ]
    var runs = 0
    try run.eachPlain { host, transcript, plain in
      for access in 0..<plain.keyValueEffects {
        for value in values {
          var plan = SteppedPlan(seed: run.seed)
          plan.keyValueAnswers = [access: KeyValueAnswer(outcome: .ok, value: value, version: 7)]
          runs += 1
          let report = SteppedOperation(host, transcript, plan, run).perform()
          run.expectEnd(report, "\(transcript.name), \(value.count) strange bytes of state")
        }
      }
    }
    if runs == 0 { throw .skip("no transcript reads or writes state") }
    run.note("\(runs) runs")
  }

  static let clocks = ConformanceCase(
    "M8", ["S-1", "S-9"], .gold, seconds: 30, "a clock that jumps between turns breaks nothing"
  ) { run throws(CaseStop) in
    try run.eachPlain { host, transcript, plain in
      guard plain.turns > 1 else { return }
      for jumps in [[Duration.seconds(-86_400)], [.seconds(86_400)], [.seconds(-3_600), .seconds(90_000)]] {
        var plan = SteppedPlan(seed: run.seed)
        plan.deadline = .seconds(4_000 * 86_400)
        plan.clockJumps = jumps
        let report = SteppedOperation(host, transcript, plan, run).perform()
        run.expectEnd(report, "\(transcript.name), a clock that jumps by \(jumps)")
      }
    }
  }
}
