internal import ConnectorModel

/// The child's half of fuzzing: a batch of iterations, up to the first that breaks a rule.
enum FuzzTask {
  struct Order: Codable {
    var first: Int
    var count: Int
    var kinds: [FuzzKind]
    var seed: UInt64
  }

  static let test = ConformanceCase(
    "fuzz", StepCases.transcripts.rules, .gold, seconds: 20, "no input, answer or order breaks a rule"
  ) { run throws(CaseStop) in
    let order = try ChildTask.order(run, Order.self)
    let source: FuzzSource
    do throws(TranscriptFault) {
      source = try FuzzSource(run.subject, kinds: order.kinds, seed: order.seed)
    } catch {
      throw .skip(error.what)
    }
    let loaded = try SteppedHost.load(run, isAboutLoading: true)
    let usual = try ConfigurationProbe.open(loaded, nil, run)
    for number in order.first..<(order.first + order.count) {
      let transcript = source.transcript(number)
      run.doing("iteration of \(transcript.name)", rule: "S-7")
      let host =
        transcript.configuration == nil
        ? usual : try ConfigurationProbe.open(loaded, transcript.configuration, run)
      guard let host else { continue }
      FuzzAttempt.perform(transcript, on: host, run)
      if run.hasFindings { return run.digest("\(number)") }
    }
  }

  /// The iteration that a child was at when it ended.
  static func iteration(of outcome: TaskProcess.Outcome) -> Int? {
    if let number = Int(outcome.digest) { return number }
    let name = outcome.lastStep.split(separator: " ").last { $0.hasPrefix(FuzzSource.prefix) }
    return name.flatMap { Int($0.dropFirst(FuzzSource.prefix.count)) }
  }
}
