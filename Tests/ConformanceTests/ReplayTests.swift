import ConnectorModel
import Foundation
import TestTools
import Testing

@testable import Conformance

/// One transcript against one library.
@Suite(.offThePool, .serialized) struct ReplayTests {
  private func replay(_ mutant: Mutant, _ name: String) throws -> ReplayReport {
    try Replay(program: Mutant.program, subject: mutant.subject, seed: 1)
      .run(file: "\(mutant.subject.transcriptFolder)/\(name).json")
  }

  @Test(.needsClang) func transcriptIsReplayedTurnByTurn() throws {
    let report = try replay(Mutant("perfect"), "get")
    #expect(report.verdict == .passed && report.findings.isEmpty)
    #expect(report.turns.map(\.turn) == [1, 2])
    #expect(report.turns.first?.pushes == ["#1 GET /things/t1 at api, auth default"])
    #expect(report.text.contains("turn 2  → complete {\"status\":200}"))
  }

  @Test(.needsClang) func changedLibraryFailsAtTheStepThatChanged() throws {
    let report = try replay(Mutant("changed-request"), "get")
    #expect(report.verdict == .failed)
    let first = try #require(report.findings.first)
    #expect(first.rule == "transcript" && first.step == "turn 1")
    #expect(first.expected == "GET /things/t1" && first.happened == "it asked GET /thing")
    #expect(report.text.contains("at: turn 1"))
  }

  @Test(.needsClang) func brokenRuleIsToldWithItsTurn() throws {
    let report = try replay(Mutant("S-9-status-for-refusal"), "get-refused")
    #expect(report.findings.first?.rule == "S-9" && report.findings.first?.step == "turn 2, the last")
  }

  @Test(.needsClang) func crashIsAVerdict() throws {
    let mutant = try Mutant("planted-bug")
    let path = "\(mutant.subject.transcriptFolder)/list.json"
    let text = #"""
      {"transcript":1,"action":"get","input":{"id":"t1"},
       "exchanges":[{"method":"GET","url":"/things/t1","json":[]}],"end":{"code":"any"}}
      """#
    try Data(text.utf8).write(to: URL(filePath: path))
    let report = try replay(mutant, "list")
    #expect(report.verdict == .crashed && report.findings.first?.step == "resume 1 of list")
  }

  @Test func transcriptOfAClientNeedsAnAction() throws {
    let scratch = ScratchDirectory()
    let path = scratch.write(
      Array(#"{"transcript":1,"client":true,"end":{"code":"any"}}"#.utf8), to: "c.json")
    let subject = Subject(manifestPath: "/nowhere.yaml", plugins: [])
    #expect(throws: TranscriptFault.self) {
      try Replay(program: Mutant.program, subject: subject, seed: 1).run(file: path)
    }
    #expect(try Transcript.read(folder: scratch.path).isEmpty)
  }

  @Test func transcriptSurvivesItsFile() throws {
    let folder = Mutant.checkout.appending(path: "manifests/transcripts/mailchimp").path
    let transcripts = try Transcript.read(folder: folder)
    #expect(transcripts.count > 10)
    for transcript in transcripts {
      let bytes = Array(transcript.text.utf8)
      let again = try Transcript(transcript.name, StableJSON.decode(JSONValue.self, from: bytes))
      #expect(again.json == transcript.json, "\(transcript.name)")
    }
  }

  @Test func planSurvivesItsText() throws {
    var plan = SteppedPlan(seed: 9)
    (plan.order, plan.batching, plan.cancelAfter, plan.endAfter) = (.reversed, .single, 3, 4)
    (plan.faults, plan.keyValueFaults) = ([1: .cut, 0: .broken], [2: .conflict])
    let read = try SteppedPlan(plan.json)
    #expect(read.seed == plan.seed && read.order == plan.order && read.batching == plan.batching)
    #expect(read.faults == plan.faults && read.keyValueFaults == plan.keyValueFaults)
    #expect(read.cancelAfter == plan.cancelAfter && read.endAfter == plan.endAfter)
  }

  @Test(arguments: [
    (#"{"order":"sideways"}"#, "plan.order"), (#"{"faults":{"0":"rain"}}"#, "`rain`"),
    (#"{"faults":{"x":"cut"}}"#, "plan.faults"), (#"{"colour":1}"#, "`colour`"),
  ])
  func faultOfAPlanIsTold(text: String, words: String) throws {
    let value = try StableJSON.decode(JSONValue.self, from: Array(text.utf8))
    let fault = #expect(throws: TranscriptFault.self) { try SteppedPlan(value) }
    #expect(fault?.what.contains(words) == true)
  }
}
