/// Turns what a child left behind into a verdict.
struct Judgement {
  let test: ConformanceCase
  let remains: CaseProcess.Remains

  /// The verdict, what it rests on, and a note.
  func verdict() -> (verdict: CaseResult.Verdict, findings: [Finding], note: String) {
    if let failure = remains.failure { return (.failed, [finding("-", "a child process", failure)], "") }
    if let alarm = remains.alarms.first, let told = told(of: alarm) {
      return (alarm.word == "memory" ? .crashed : .failed, [told], "")
    }
    if remains.timedOut {
      return (
        .timedOut,
        [
          finding(
            lastStep.rule, "a return",
            "it did not return in \(remains.milliseconds / 1_000) s; its process was killed")
        ],
        ""
      )
    }
    if let signal = remains.signal { return (.crashed, [crash(signal)], "") }
    guard remains.hasSentinel, case .verdict(let verdict, let findings, let note, _)? = stated else {
      return (
        .failed,
        [
          finding(
            "T-3", "a library that leaves the process alone",
            "the process exited early with code \(remains.exitCode ?? -1), as after `exit`")
        ], ""
      )
    }
    if verdict == .passed || verdict == .skipped || verdict == .warning {
      if remains.leftProcesses {
        return (
          .failed, [finding("T-3", "no process left behind", "a process of the library outlived the case")],
          ""
        )
      }
      if !remains.output.isEmpty {
        return (
          .failed,
          [
            finding(
              "T-3", "nothing on the standard streams",
              "\(remains.output.utf8.count) bytes were written to them")
          ], ""
        )
      }
    }
    return (verdict, findings, note)
  }

  /// What the twin must have come to as well; nil without a verdict.
  var digest: String? {
    guard case .verdict(_, _, _, let digest)? = stated else { return nil }
    return digest
  }

  private var stated: ReportPipe.Message? {
    remains.messages.last { message in
      if case .verdict = message { true } else { false }
    }
  }

  /// Where it was last, and which rule it breaks not to come back from there.
  var lastStep: (rule: String, step: String) {
    for message in remains.messages.reversed() {
      if case .step(let rule, let step) = message { return (rule, step) }
    }
    return (test.rules.first ?? "-", "start")
  }

  private func finding(_ rule: String, _ expected: String, _ happened: String) -> Finding {
    Finding(rule: rule, expected: expected, happened: happened, step: lastStep.step)
  }

  private func told(of alarm: (word: String, text: String)) -> Finding? {
    switch (alarm.word, alarm.text) {
    case ("syscall", let name):
      finding("T-3", "no system call but for memory", "it called \(name)")
    case ("memory", "late"):
      finding(
        test.rules.first == "M-3" ? "M-3" : "M-1", "no use of a pointer after its life",
        "it used memory that was gone")
    case ("memory", "write"):
      finding("M-2", "no writing to the other side's memory", "it wrote to memory that was lent for reading")
    case ("memory", "overread"):
      finding(
        "M-8", "no reading past a length or a struct_size",
        "it read past the end of what it was given, as code does that waits for a NUL")
    case ("memory", "overwrite"):
      finding("M-2", "no writing past the end", "it wrote past the end of what it was given")
    default: nil
    }
  }

  private func crash(_ signal: Int32) -> Finding {
    let names: [Int32: String] = [
      4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV",
      24: "SIGXCPU",
      31: "SIGSYS",
    ]
    let name = names[signal] ?? "signal \(signal)"
    let heap = ["free():", "munmap_chunk", "double free", "realloc():", "malloc", "corrupted"]
    if signal == 6, heap.contains(where: remains.output.contains) {
      return finding(
        "M-2", "each side frees its own memory", "the allocator stopped the process: \(firstLine)")
    }
    if signal == 6, remains.output.contains("terminate called") {
      return finding(
        "T-4", "no exception that leaves the connector", "an exception reached the host: \(firstLine)")
    }
    if signal == 31 {
      return finding("T-3", "no system call but for memory", "it made one while signals were blocked")
    }
    if signal == 24 || signal == 9 {
      return finding(lastStep.rule, "little time on the CPU", "the process was stopped by \(name)")
    }
    return finding(
      test.rules.first ?? "-", "no crash",
      "the process ended by \(name)\(firstLine.isEmpty ? "" : ": \(firstLine)")")
  }

  /// Of what it printed as it died; cut, and only what can be printed.
  private var firstLine: String {
    let line = remains.output.prefix { $0 != "\n" }
    return String(
      line.unicodeScalars.prefix(120).map { (0x20...0x7E).contains($0.value) ? Character($0) : "?" })
  }
}
