internal import CProbe
internal import Ports
internal import Synchronization

/// A case in this very process, for a debugger: nothing is confined, and a crash is the end of everything.
enum CaseHere {
  static let notice =
    "run in one process: nothing is confined, no time is measured out, lent memory is not watched, and a crash ends the run"

  /// What the bare host lends comes from here too; opened once for all cases, with nothing watched.
  private static let memory = probe_memory_open(0, 0)

  /// Blocks, so never call it on the cooperative pool.
  static func run(_ test: ConformanceCase, _ subject: Subject, seed: UInt64, scratch: String)
    -> CaseProcess.Remains
  {
    var remains = CaseProcess.Remains()
    guard memory == 0 else {
      remains.failure = "the probe's memory cannot be reserved"
      return remains
    }
    let messages = Mutex<[ReportPipe.Message]>([])
    let started = ContinuousClock.now
    let run = CaseRun(
      test, subject, seed: seed, scratch: scratch,
      report: ReportPipe { message in messages.withLock { $0.append(message) } })
    // Somebody may be looking at a breakpoint: a day is as good as no bound.
    let isDone = NamedThread.run("patchbay-case", atMost: .seconds(86_400)) { run.perform() } != nil
    remains.messages = messages.withLock { $0 }
    remains.timedOut = !isDone
    remains.exitCode = 0
    remains.milliseconds = Int((ContinuousClock.now - started) / .milliseconds(1))
    return remains
  }
}
