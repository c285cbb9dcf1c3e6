#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// A child that does a task: scratch, process and judgement together.
struct TaskProcess: Sendable {
  let program: String
  let subject: Subject
  let seed: UInt64

  struct Outcome: Sendable {
    var verdict: CaseResult.Verdict
    var findings: [Finding]
    var note: String
    var digest: String
    /// Where it was last.
    var lastStep: String
    var milliseconds: Int

    var hasFailed: Bool { verdict == .failed || verdict == .crashed || verdict == .timedOut }
    /// Equal for equal faults.
    var kind: String { "\(verdict.rawValue) \(findings.first?.rule ?? "-")" }
  }

  /// Blocks, so never call it on the cooperative pool.
  ///
  /// - Parameter seconds: at most; nil for the task's own.
  func run(_ task: ConformanceCase, order: some Encodable, seconds: Int? = nil) -> Outcome {
    let scratch = "\(FileManager.default.temporaryDirectory.path)/patchbay-task-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    guard ChildTask.write(order, to: scratch) else {
      return Outcome(
        verdict: .failed,
        findings: [
          Finding(
            rule: "-", expected: "room for the order", happened: "\(scratch) cannot be written", step: "start"
          )
        ], note: "", digest: "", lastStep: "start", milliseconds: 0)
    }
    let process = CaseProcess(
      program: program,
      arguments: [
        "verify", "--case", task.id, "--seed", "\(seed)", "--scratch", scratch,
      ] + subject.arguments,
      limit: .seconds(min(task.seconds, seconds ?? .max)))
    let judgement = Judgement(test: task, remains: process.run())
    let (verdict, findings, note) = judgement.verdict()
    return Outcome(
      verdict: verdict, findings: findings, note: note, digest: judgement.digest ?? "",
      lastStep: judgement.lastStep.step, milliseconds: judgement.remains.milliseconds)
  }
}
