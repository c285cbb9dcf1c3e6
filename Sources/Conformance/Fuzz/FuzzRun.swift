internal import ConnectorModel

/// Iterations in batches, each batch in a confined process; what breaks a rule is made small and saved.
package struct FuzzRun: Sendable {
  package struct Options: Sendable {
    /// The program that runs a case when it is called with `verify --case`.
    package var program: String
    /// Empty for all.
    package var kinds: [FuzzKind]
    package var seed: UInt64
    /// Nil for no limit but the time.
    package var iterations: Int?
    /// Nil for no limit but the iterations.
    package var duration: Duration?
    /// Where transcripts of what was found go; nil for nowhere.
    package var folder: String?

    package init(
      program: String, kinds: [FuzzKind] = [], seed: UInt64 = 1, iterations: Int? = nil,
      duration: Duration? = nil, folder: String? = nil
    ) {
      self.program = program
      self.kinds = kinds
      self.seed = seed
      self.iterations = iterations
      self.duration = duration
      self.folder = folder
    }
  }

  private let options: Options
  private let subject: Subject
  private let process: TaskProcess

  /// Iterations that a process does.
  private static let batch = 50
  /// Kinds of faults after which a run ends: who has so many fixes some first.
  private static let maximumFindings = 16
  /// Processes that making one transcript small may take.
  private static let maximumReductions = 60
  /// The same where each that shows the fault takes its whole time.
  private static let maximumReductionsOfHangs = 12
  /// Without a limit that was given, for each iteration's sake.
  private static let defaultIterations = 1_000

  package init(_ options: Options, subject: Subject) {
    self.options = options
    self.subject = subject
    process = TaskProcess(program: options.program, subject: subject, seed: options.seed)
  }

  /// Blocks, so never call it on the cooperative pool.
  ///
  /// - Parameter observe: told of the iterations done so far.
  /// - Throws: why there is nothing to fuzz, or that what was found cannot be saved.
  package func run(observe: (Int) -> Void = { _ in }) throws(TranscriptFault) -> FuzzReport {
    let source = try FuzzSource(subject, kinds: options.kinds, seed: options.seed)
    let end = options.duration.map { ContinuousClock.now + $0 }
    let last = options.iterations ?? (options.duration == nil ? Self.defaultIterations : .max)
    var report = FuzzReport(
      manifest: subject.given.manifestPath, connector: subject.connectorID, seed: options.seed, iterations: 0,
      findings: [])
    var slowest: Int?
    while report.iterations < last, end.map({ ContinuousClock.now < $0 }) ?? true,
      report.findings.count < Self.maximumFindings
    {
      let count = min(Self.batch, last - report.iterations)
      let outcome = process.run(
        FuzzTask.test,
        order: FuzzTask.Order(
          first: report.iterations, count: count, kinds: options.kinds, seed: options.seed))
      guard outcome.hasFailed else {
        guard outcome.verdict != .skipped else { throw TranscriptFault(what: outcome.note) }
        report.iterations += count
        observe(report.iterations)
        continue
      }
      guard let number = FuzzTask.iteration(of: outcome) else {
        // It fell before the first: no transcript is to blame.
        report.findings.append(
          .init(
            iteration: nil, verdict: outcome.verdict, finding: outcome.findings.first, times: 1,
            transcript: nil,
            reproduce: "patchbay verify \(subject.given.manifestPath)\(pluginFlags)"))
        return report
      }
      // A batch may be too much for a busy machine; a turn that hangs does so alone, and again.
      if outcome.verdict == .timedOut, slowest != number,
        replay(source.transcript(number), kind: outcome.kind) == nil
      {
        slowest = number
        report.iterations = number
        continue
      }
      report.iterations = number + 1
      observe(report.iterations)
      try take(outcome, source.transcript(number), number, &report)
    }
    return report
  }

  private func take(
    _ outcome: TaskProcess.Outcome, _ transcript: Transcript, _ number: Int, _ report: inout FuzzReport
  ) throws(TranscriptFault) {
    if let known = report.findings.firstIndex(where: {
      $0.verdict == outcome.verdict && $0.finding?.rule == outcome.findings.first?.rule
    }) {
      report.findings[known].times += 1
      return
    }
    let (smallest, last) = reduced(transcript, kind: outcome.kind)
    var found = FuzzReport.Found(
      iteration: number, verdict: outcome.verdict, finding: last?.findings.first ?? outcome.findings.first,
      times: 1, transcript: nil, reproduce: "")
    if last == nil { found.note = "it needs the iterations before it: replayed alone it passes" }
    if let folder = options.folder {
      let rule = outcome.findings.first?.rule ?? outcome.verdict.rawValue
      let path = "\(folder)/\(rule)-\(options.seed)-\(number).json"
      try smallest.write(to: path)
      found.transcript = path
      found.reproduce =
        "patchbay verify replay \(path) --manifest \(subject.given.manifestPath)\(pluginFlags) --seed \(options.seed)"
    } else {
      found.reproduce =
        "patchbay verify fuzz \(subject.given.manifestPath)\(pluginFlags)\(kindFlags) --seed \(options.seed) "
        + "--iterations \(number + 1) --save DIR"
    }
    report.findings.append(found)
  }

  /// The kinds decide what a number stands for.
  private var kindFlags: String { options.kinds.map { " --only \($0.rawValue)" }.joined() }

  private var pluginFlags: String { subject.given.plugins.map { " --plugins \($0)" }.joined() }

  /// The smallest transcript with a fault of that kind, and what came of it; nil when it is not seen alone.
  private func reduced(
    _ transcript: Transcript, kind: String
  ) -> (transcript: Transcript, outcome: TaskProcess.Outcome?) {
    var current = transcript
    guard var last = replay(current, kind: kind) else { return (transcript, nil) }
    var left = last.verdict == .timedOut ? Self.maximumReductionsOfHangs : Self.maximumReductions
    search: while left > 0 {
      for candidate in TranscriptReduction.candidates(of: current) {
        guard left > 0 else { break search }
        left -= 1
        guard let outcome = replay(candidate, kind: kind) else { continue }
        (current, last) = (candidate, outcome)
        continue search
      }
      break
    }
    return (current, last)
  }

  private func replay(_ transcript: Transcript, kind: String) -> TaskProcess.Outcome? {
    let outcome = process.run(
      ReplayTask.test, order: ReplayTask.Order(name: transcript.name, transcript: transcript.json), seconds: 5
    )
    return outcome.kind == kind ? outcome : nil
  }
}

/// What fuzzing came to.
package struct FuzzReport: Sendable, Codable, Equatable {
  package struct Found: Sendable, Codable, Equatable {
    /// Nil when the connector fell before the first.
    package var iteration: Int?
    package var verdict: CaseResult.Verdict
    package var finding: Finding?
    /// How often it was met.
    package var times: Int
    /// The file that shows it.
    package var transcript: String?
    package var reproduce: String
    package var note = ""
  }

  package var manifest: String
  package var connector: String
  package var seed: UInt64
  package var iterations: Int
  /// One for each rule and verdict.
  package var findings: [Found]

  package var text: String {
    var lines: [String] = []
    for found in findings {
      let place = found.iteration.map { "iteration \($0)" } ?? "at the start"
      let times = found.times > 1 ? ", \(found.times) times" : ""
      lines.append("\(found.verdict.rawValue) at \(place)\(times): \(found.finding?.sentence ?? "-")")
      if !found.note.isEmpty { lines.append("  \(found.note)") }
      if let transcript = found.transcript { lines.append("  saved: \(transcript)") }
      lines.append("  again: \(found.reproduce)")
    }
    lines.append(
      "\(connector): \(iterations) iterations, \(findings.count) findings, seed \(seed)")
    return lines.map { $0 + "\n" }.joined()
  }
}
