internal import ConnectorModel
internal import Synchronization

/// One case under way in its own process: what it is asked about, and where it says what it finds.
final class CaseRun: Sendable {
  let test: ConformanceCase
  let subject: Subject
  let seed: UInt64
  /// A directory for private copies, gone with the run.
  let scratch: String
  private let report: ReportPipe
  private let state = Mutex(State())

  private struct State {
    var step = "start"
    var findings: [Finding] = []
    var warnings: [Finding] = []
    var note = ""
    var digest = ""
  }

  init(_ test: ConformanceCase, _ subject: Subject, seed: UInt64, scratch: String, report: ReportPipe) {
    self.test = test
    self.subject = subject
    self.seed = seed
    self.scratch = scratch
    self.report = report
  }

  /// Says what comes next, so that a crash or a hang can be told by its place.
  ///
  /// - Parameter rule: the one that is broken if this never returns.
  func doing(_ step: String, rule: String) {
    state.withLock { $0.step = step }
    report.send(.step(rule: rule, step: step))
  }

  /// Says that a rule is broken.
  func find(_ rule: String, expected: String, happened: String) {
    state.withLock { state in
      let finding = Finding(rule: rule, expected: expected, happened: happened, step: state.step)
      if state.findings.count < 20 { state.findings.append(finding) }
    }
  }

  /// Says that something is not as it should be, without failing the case.
  func warn(_ rule: String, expected: String, happened: String) {
    state.withLock { state in
      let finding = Finding(rule: rule, expected: expected, happened: happened, step: state.step)
      if state.warnings.count < 20 { state.warnings.append(finding) }
    }
  }

  func note(_ text: String) { state.withLock { $0.note = text } }

  /// What a twin must come to as well.
  func digest(_ text: String) { state.withLock { $0.digest = text } }

  var hasFindings: Bool { state.withLock { !$0.findings.isEmpty } }

  /// Asks the case and sends what came of it, sentinel last.
  func perform() {
    GuardedMemory.watchThread()
    var skipped: String?
    do throws(CaseStop) {
      try test.body(self)
    } catch {
      if case .skip(let reason) = error { skipped = reason }
    }
    let (findings, warnings, note, digest) = state.withLock { ($0.findings, $0.warnings, $0.note, $0.digest) }
    let verdict: CaseResult.Verdict =
      !findings.isEmpty
      ? (test.strength == .must ? .failed : .warning)
      : skipped != nil ? .skipped : warnings.isEmpty ? .passed : .warning
    report.send(
      .verdict(verdict, findings: findings + warnings, note: skipped ?? note, digest: digest))
    report.send(.end)
  }
}
