import Testing

@testable import Conformance

/// What a child left behind becomes a verdict.
@Suite struct JudgementTests {
  private let test = StepCases.transcripts

  private func judge(_ change: (inout CaseProcess.Remains) -> Void) -> (
    verdict: CaseResult.Verdict, rule: String?, note: String
  ) {
    var remains = CaseProcess.Remains()
    remains.messages = [
      .step(rule: "S-7", step: "begin of get"), .verdict(.passed, findings: [], note: "n", digest: ""), .end,
    ]
    remains.exitCode = 0
    change(&remains)
    let (verdict, findings, note) = Judgement(test: test, remains: remains).verdict()
    return (verdict, findings.first?.rule, note)
  }

  @Test func wholeReportIsBelieved() {
    let judged = judge { _ in }
    #expect(judged == (.passed, nil, "n"))
  }

  @Test func exitWithoutTheSentinelIsNoPass() {
    #expect(judge { $0.messages.removeLast() }.rule == "T-3")
    #expect(judge { $0.messages = [] }.verdict == .failed)
  }

  @Test func hangIsToldByItsStep() {
    let judged = judge {
      $0.timedOut = true
      $0.signal = 9
    }
    #expect(judged.verdict == .timedOut && judged.rule == "S-7")
  }

  @Test(arguments: [
    ("", "S-1"), ("free(): invalid pointer\n", "M-2"),
    ("terminate called after throwing an instance of 'int'\n", "T-4"),
  ])
  func abortIsToldByItsLastWords(words: String, rule: String) {
    let judged = judge {
      $0.signal = 6
      $0.output = words
    }
    #expect(judged.verdict == .crashed && judged.rule == rule)
  }

  @Test(arguments: [("late", "M-1"), ("overread", "M-8"), ("write", "M-2"), ("overwrite", "M-2")])
  func misusedMemoryNamesItsRule(use: String, rule: String) {
    let judged = judge {
      $0.signal = 11
      $0.alarms = [("memory", use)]
    }
    #expect(judged.verdict == .crashed && judged.rule == rule)
  }

  @Test func passWithWordsOnAStandardStreamIsNone() {
    #expect(judge { $0.output = "hello\n" }.rule == "T-3")
    #expect(judge { $0.leftProcesses = true }.rule == "T-3")
  }

  @Test func trappedCallIsNamed() {
    let judged = judge {
      $0.alarms = [("syscall", "socket")]
      $0.messages = []
    }
    #expect(judged.verdict == .failed && judged.rule == "T-3")
  }
}
