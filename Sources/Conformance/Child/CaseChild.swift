internal import CProbe
internal import Glibc
internal import PluginLoader
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The child's half of a run: confines itself, asks one case, says what came of it.
package enum CaseChild {
  /// Runs a case to its end; never returns.
  ///
  /// - Parameters:
  ///   - scratch: an existing directory for private copies; the parent removes it.
  package static func run(caseID: String, subject: Subject, seed: UInt64, scratch: String) -> Never {
    guard let test = CaseRegistry.named(caseID) ?? ChildTask.named(caseID) else { exit(2) }
    let report = ReportPipe()
    let memory = probe_memory_open(
      UInt32(PROBE_READ_ONLY | PROBE_UNMAP), test.growth)
    guard memory == 0 else { exit(2) }
    let confinement = probe_confine(
      ReportPipe.descriptor, UInt32(clamping: test.seconds + 5), Self.dataBytes)
    report.send(.confined(confinement))
    if test.usesGuardedMemory { GuardedMemory.lendToConnectors() }
    let run = CaseRun(test, subject, seed: seed, scratch: scratch, report: report)
    // A thread of its own: a connector that ends it by force leaves the process to tell.
    let isDone =
      NamedThread.run("patchbay-case", atMost: .seconds(test.seconds * 10 + 5)) {
        run.perform()
        return true
      } ?? false
    if test.id == "B8" { exit(0) }
    // Not `exit`: handlers that a library left behind are not ours to run, except where they are the question.
    _exit(isDone ? 0 : 3)
  }

  /// Private writable memory, stacks included.
  private static let dataBytes: UInt64 = 2 << 30
}
