internal import ConnectorModel

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// One transcript against one library, in a confined process.
package struct Replay: Sendable {
  private let process: TaskProcess
  private let subject: Subject
  private let seed: UInt64

  /// - Parameter program: the one that runs a case when it is called with `verify --case`.
  package init(program: String, subject: Subject, seed: UInt64) {
    process = TaskProcess(program: program, subject: subject, seed: seed)
    self.subject = subject
    self.seed = seed
  }

  /// Blocks, so never call it on the cooperative pool.
  ///
  /// - Parameters:
  ///   - action: what to run for a transcript of a client, which names none; with its input as JSON.
  /// - Throws: what is wrong with the transcript.
  package func run(
    file path: String, action: String? = nil, input: [UInt8]? = nil
  ) throws(TranscriptFault) -> ReplayReport {
    var transcript = try Transcript.read(file: path)
    if let action {
      (transcript.kind, transcript.operation, transcript.isOfClient) = (.action, action, false)
      transcript.end.isAny = false
    }
    if let input { transcript.input = input }
    guard !transcript.isOfClient else {
      throw TranscriptFault(
        what: "\(path) tells what a client asked; say with --action and --input what a connector is to do")
    }
    return report(of: run(transcript), path: path, transcript)
  }

  func run(_ transcript: Transcript) -> TaskProcess.Outcome {
    process.run(
      ReplayTask.test, order: ReplayTask.Order(name: transcript.name, transcript: transcript.json))
  }

  private func report(
    of outcome: TaskProcess.Outcome, path: String, _ transcript: Transcript
  ) -> ReplayReport {
    let account = try? StableJSON.decode(ReplayTask.Account.self, from: Array(outcome.digest.utf8))
    return ReplayReport(
      transcript: path, manifest: subject.given.manifestPath, connector: subject.connectorID,
      seed: transcript.plan?.seed ?? seed, verdict: outcome.verdict,
      turns: (account?.steps ?? []).map { .init(turn: $0.turn, events: $0.events, pushes: $0.pushes) },
      end: account?.end ?? "", findings: outcome.findings, note: outcome.note)
  }
}

/// How a replay went.
package struct ReplayReport: Sendable, Codable, Equatable {
  package struct Turn: Sendable, Codable, Equatable {
    package var turn: Int
    package var events: [String]
    package var pushes: [String]
  }

  package var transcript: String
  package var manifest: String
  package var connector: String
  package var seed: UInt64
  package var verdict: CaseResult.Verdict
  /// Empty when the process did not live to tell.
  package var turns: [Turn]
  package var end: String
  package var findings: [Finding]
  package var note: String

  package var hasFailed: Bool { verdict != .passed && verdict != .warning }

  /// For people: each turn, then what differs.
  package var text: String {
    var lines = ["\(connector)  \(transcript)"]
    for turn in turns {
      for event in turn.events { lines.append("turn \(turn.turn)  ← \(event)") }
      for push in turn.pushes { lines.append("turn \(turn.turn)  → \(push)") }
    }
    if !end.isEmpty { lines.append("end     \(end)") }
    for finding in findings { lines.append("  \(finding.sentence)") }
    if !note.isEmpty { lines.append("  \(note)") }
    lines.append("\(verdict.rawValue), seed \(seed)")
    return lines.map { $0 + "\n" }.joined()
  }
}
