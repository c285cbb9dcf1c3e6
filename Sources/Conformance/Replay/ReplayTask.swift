internal import ConnectorModel
internal import Manifest

/// The child's half of a replay: steps one transcript and tells each turn.
enum ReplayTask {
  struct Order: Codable {
    var name: String
    var transcript: JSONValue
  }

  /// What the child says beside its verdict.
  struct Account: Codable {
    var steps: [SteppedReport.Step] = []
    var end = ""
  }

  static let test = ConformanceCase(
    "replay", StepCases.transcripts.rules, .gold, seconds: 30, "a transcript goes as it is written"
  ) { run throws(CaseStop) in
    let order = try ChildTask.order(run, Order.self)
    let transcript: Transcript
    do throws(TranscriptFault) {
      transcript = try Transcript(order.name, order.transcript)
    } catch {
      return run.find("transcript", expected: "a transcript", happened: error.what)
    }
    let loaded = try SteppedHost.load(run, isAboutLoading: true)
    guard let host = try ConfigurationProbe.open(loaded, transcript.configuration, run) else {
      return run.note("it refuses the configuration, as it may")
    }
    let plan = transcript.plan ?? SteppedPlan(seed: run.seed)
    let report = SteppedOperation(host, transcript, plan, run).perform()
    run.digest(text(Account(steps: report.steps, end: report.endText)))
    if transcript.end.isAny { return FuzzAttempt.judge(report, of: transcript, plan, on: host, run) }
    run.doing("turn \(report.turns), the last", rule: "S-7")
    run.judge(report, of: transcript)
    compare(report, with: transcript, run)
  }

  private static func text(_ account: Account) -> String {
    String(decoding: (try? StableJSON.encode(account)) ?? [], as: UTF8.self)
  }

  /// Each difference at the turn where it shows.
  private static func compare(_ report: SteppedReport, with transcript: Transcript, _ run: CaseRun) {
    var missing = report.unused
    for stray in report.strays {
      run.doing("turn \(stray.turn)", rule: "S-7")
      let expected = missing.isEmpty ? "no more requests" : missing.removeFirst()
      run.find("transcript", expected: expected, happened: "it asked \(stray.request)")
    }
    run.doing("turn \(report.turns), the last", rule: "S-7")
    for request in missing {
      run.find("transcript", expected: request, happened: "it ended without asking")
    }
    let wanted = transcript.end
    let expected =
      "an end with \(wanted.code.name)"
      + (wanted.result.map {
        " and \(String(decoding: (try? StableJSON.encode($0)) ?? [], as: UTF8.self).cut)"
      }
        ?? "")
    switch report.end {
    case .completed(let bytes):
      let result = try? StableJSON.decode(JSONValue.self, from: bytes)
      if wanted.code != .ok || (wanted.result != nil && wanted.result != result) {
        run.find("transcript", expected: expected, happened: report.endText.cut)
      }
    case .failed(let error) where error.code != wanted.code:
      run.find("transcript", expected: expected, happened: report.endText.cut)
    case .failed, .broke, .endless, .stopped: break
    }
  }
}
