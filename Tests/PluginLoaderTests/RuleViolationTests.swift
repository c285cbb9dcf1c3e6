import ConnectorModel
import Ports
import TestTools
import Testing

@testable import PluginLoader

/// Turns of a connector that breaks one rule each: named, contained, and no trouble for its neighbours.
@Suite(.offThePool, .needsClang) struct RuleViolationTests {
  @Test(arguments: [
    ("pushes after its end", ["S-2", "S-2"], "`timer`"),
    ("ends twice", ["S-2"], "`fail`"),
    ("sends bad UTF-8", ["M-8"], "a URL is not UTF-8"),
    ("logs bad UTF-8", ["M-8"], "a log message"),
    ("sends NULL with a length", ["M-4"], "a URL is NULL with a length of 7"),
    ("sends NULL headers", ["M-4"], "http headers is NULL with entries"),
    ("sends a NULL request", ["M-4", "M-4"], "an http request is NULL"),
    ("sends an absurd length", ["M-9"], "over 65536"),
    ("sends a huge body", ["M-9"], "over 67108864"),
    ("sends a small struct", ["M-6"], "struct_size 16"),
    ("sends an absurd struct", ["M-6"], "struct_size 4294967295"),
    ("sends a misaligned struct", ["M-6"], "not aligned"),
    ("sets an unknown flag", ["M-5"], "must understand"),
    ("uses a lower-case method", ["H-1"], "upper case"),
    ("injects a header", ["H-2"], "header"),
    ("sends an unknown format", ["P-1"], "format 77"),
    ("nests parts", ["P-3"], "parts within a part"),
    ("names blob 0", ["P-4"], "blob handle 0"),
    ("completes with text", ["P-2"], "not one JSON value"),
    ("completes with bytes", ["P-5"], "not JSON"),
    ("fails with OK", ["R-1"], "code OK"),
    ("sends bad detail", ["P-2"], "an error's detail"),
    ("uses an unknown verb", ["K-1"], "verb 9"),
    ("calls from a thread", ["T-5"], "2 calls to the host came from a thread"),
  ])
  func brokenRuleIsNamed(action: String, rules: [String], words: String) throws {
    let open = try OpenConnector()
    let (operation, pushed) = open.begin(action)
    #expect(pushed.violations.map(\.rule) == rules, "\(pushed.violations)")
    #expect(pushed.violations.first?.what.contains(words) == true, "\(pushed.violations)")
    operation?.end()
    let next = open.begin("echo").pushed
    #expect(next.violations == [] && next.result == "{}")
  }

  @Test func refusedEffectsTakeTheirIdAndLeaveNoPush() throws {
    let open = try OpenConnector()
    let (operation, pushed) = open.begin("pushes many effects", effects: 3)
    #expect(pushed.pushes.count == 3)
    #expect(pushed.violations.count == 7 && pushed.violations.allSatisfy { $0.rule == "S-8" })
    operation?.end()
  }

  @Test func floodOfViolationsIsCutOff() throws {
    let open = try OpenConnector()
    let (operation, pushed) = open.begin("gives up many effects")
    #expect(pushed.pushes.count == 1024)
    #expect(pushed.violations.count == 32)
    operation?.end()
  }

  @Test func beginWithoutOperationOrEndBreaksL3() throws {
    let (operation, pushed) = try OpenConnector().begin("nothing")
    #expect(operation == nil && pushed.violations.map(\.rule) == ["L-3"])
  }

  @Test func stalledTurnIsLeftForTheDriverToName() throws {
    let (operation, pushed) = try OpenConnector().begin("stalls")
    #expect(operation != nil && pushed.pushes == [] && pushed.violations == [])
    operation?.end()
  }

  @Test func statusOtherThanOKVoidsTheTurn() throws {
    let open = try OpenConnector()
    let (operation, pushed) = open.begin("returns a status")
    #expect(operation != nil && pushed.status == .internal && pushed.pushes == [])
    operation?.end()
    #expect(open.begin("returns an unknown status").pushed.status == .unknown)
  }

  @Test func copyOfOutFromAnEarlierTurnIsCaught() throws {
    let open = try OpenConnector()
    let operation = try #require(open.begin("keeps a copy of out").operation)
    let record = operation.resume([Event(effect: 1, .timer)], open.turn())
    #expect(record.violations.map(\.rule) == ["M-1"])
    #expect(record.result == "{}")
    operation.end()
  }

  @Test func outUsedInEndIsToldInTheLog() throws {
    let open = try OpenConnector()
    let operation = try #require(open.begin("keeps out until its end").operation)
    operation.end()
    let told = open.lines.all.filter { $0.level == .error }
    #expect(told.count == 1 && told[0].message.contains("broke rule M-1"), "\(told)")
  }

  @Test func foreignCallsAreCountedForGood() throws {
    let open = try OpenConnector()
    open.begin("calls from a thread").operation?.end()
    open.begin("calls from a thread").operation?.end()
    #expect(open.connector.strayCalls == 4)
  }
}
