import ConnectorModel
import TestTools
import Testing

@testable import Conformance

@Suite struct TranscriptTests {
  private func read(_ text: String) throws(TranscriptFault) -> Transcript? {
    let scratch = ScratchDirectory()
    scratch.write(Array(text.utf8), to: "one.json")
    return try Transcript.read(folder: scratch.path).first
  }

  @Test func everyMemberIsRead() throws {
    let transcript = try #require(
      try read(
        #"""
        {"transcript":1,"about":"x","action":"post","input":{"a":1},"idempotencyKey":"k","reconcile":true,
         "variables":{"dc":"us1"},"now":"2026-01-02T03:04:05Z",
         "exchanges":[{"method":"POST","url":"/a","body":{"b":2},"status":201,"headers":{"X-A":"1"},"json":{},
                       "optional":true},{"method":"GET","url":"/t","text":"plain"}],
         "end":{"code":"conflict"}}
        """#))
    #expect(transcript.operation == "post" && transcript.kind == .action && transcript.mustReconcile)
    #expect(transcript.now == 1_767_323_045_000_000_000)
    #expect(transcript.exchanges[0].status == 201 && transcript.exchanges[0].isOptional)
    #expect(transcript.exchanges[0].headers.map(\.name) == ["x-a", "content-type"])
    #expect(transcript.exchanges[1].answer == Array("plain".utf8))
    #expect(transcript.end.code == .conflict)
  }

  @Test(arguments: [
    ("[", "not JSON"), ("{}", "transcript"), (#"{"transcript":1,"action":"a"}"#, "end"),
    (#"{"transcript":1,"action":"a","end":{"code":"fine"}}"#, "end.code"),
    (#"{"transcript":1,"end":{"code":"ok"}}"#, "names no"),
    (#"{"transcript":1,"action":"a","exchange":[],"end":{"code":"ok"}}"#, "`exchange`"),
    (#"{"transcript":1,"action":"a","exchanges":[{"method":"GET"}],"end":{"code":"ok"}}"#, "exchanges[0]"),
  ])
  func faultIsToldWithItsPlace(text: String, place: String) {
    do throws(TranscriptFault) {
      _ = try read(text)
      Issue.record("it was read")
    } catch {
      #expect(error.what.contains(place) && error.what.hasPrefix("one.json"))
    }
  }

  @Test func noFolderIsNoFault() throws { #expect(try Transcript.read(folder: "/nowhere").isEmpty) }

  @Test func eachTextOfAnInputIsReplacedInTurn() {
    let inputs = InputMutation.each(of: Array(#"{"a":"1","b":["2",3],"c":{"d":"4"}}"#.utf8), by: ["x"])
    #expect(
      inputs.map { String(decoding: $0.input, as: UTF8.self) } == [
        #"{"a":"x","b":["2",3],"c":{"d":"4"}}"#, #"{"a":"1","b":["x",3],"c":{"d":"4"}}"#,
        #"{"a":"1","b":["2",3],"c":{"d":"x"}}"#,
      ])
  }
}
