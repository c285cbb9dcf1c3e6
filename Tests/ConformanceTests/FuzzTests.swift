import ConnectorModel
import Foundation
import TestTools
import Testing

@testable import Conformance

/// A bug that no transcript shows is found; a good connector is left alone.
@Suite(.offThePool, .serialized) struct FuzzTests {
  private func fuzz(
    _ mutant: Mutant, iterations: Int, kinds: [FuzzKind] = [], seed: UInt64 = 1, folder: String? = nil
  ) throws -> FuzzReport {
    try FuzzRun(
      .init(
        program: Mutant.program, kinds: kinds, seed: seed, iterations: iterations, folder: folder),
      subject: mutant.subject
    ).run()
  }

  /// Of these many iterations, counted, so that no machine is too slow for it.
  @Test(.needsClang, arguments: [1, 2]) func plantedBugIsFoundMadeSmallAndSaved(seed: UInt64) throws {
    let mutant = try Mutant("planted-bug")
    let scratch = ScratchDirectory()
    let report = try fuzz(mutant, iterations: 600, kinds: [.response], seed: seed, folder: scratch.path)
    let found = try #require(report.findings.first, "\(report)")
    #expect(found.verdict == .crashed && report.findings.count == 1)
    let path = try #require(found.transcript)
    let transcript = try Transcript.read(file: path)
    #expect(transcript.exchanges.count == 1 && transcript.exchanges.first?.answer == Array("[]".utf8))
    #expect(found.reproduce.contains("verify replay \(path)"))
    let again = try Replay(program: Mutant.program, subject: mutant.subject, seed: seed).run(file: path)
    #expect(again.verdict == .crashed)
    let good = try Mutant("perfect")
    let passes = try Replay(program: Mutant.program, subject: good.subject, seed: seed).run(file: path)
    #expect(passes.verdict == .passed)
  }

  @Test(.needsClang) func brokenRuleIsFoundByItsOrder() throws {
    let report = try fuzz(try Mutant("S-5-one-batch"), iterations: 200, kinds: [.events])
    #expect(report.findings.contains { $0.finding?.rule == "S-5" || $0.finding?.rule == "S-1" }, "\(report)")
  }

  @Test(.needsClang, .timeLimit(.minutes(10))) func hangIsAFindingWithItsRule() throws {
    let report = try fuzz(try Mutant("planted-hang"), iterations: 40, kinds: [.response], seed: 3)
    let found = try #require(report.findings.first, "\(report)")
    #expect(found.verdict == .timedOut && found.finding?.rule == "S-7", "\(report.text)")
    #expect(found.note.isEmpty && found.reproduce.contains(" --only response --seed 3 "))
  }

  @Test(.needsClang) func goodConnectorIsLeftAlone() throws {
    let report = try fuzz(try Mutant("perfect"), iterations: 300)
    #expect(report.findings.isEmpty && report.iterations == 300, "\(report.text)")
  }

  @Test func connectorOfMailchimpIsLeftAlone() throws {
    let products = URL(filePath: Mutant.program).deletingLastPathComponent().path
    let subject = Subject(
      manifestPath: Mutant.checkout.appending(path: "manifests/mailchimp.yaml").path, plugins: [products])
    let report = try FuzzRun(.init(program: Mutant.program, iterations: 300), subject: subject).run()
    #expect(report.findings.isEmpty && report.iterations == 300, "\(report.text)")
  }

  @Test func equalSeedsGiveEqualTranscripts() throws {
    let subject = Subject(
      manifestPath: Mutant.checkout.appending(path: "manifests/mailchimp.yaml").path, plugins: [])
    let first = try FuzzSource(subject, kinds: [], seed: 5)
    let second = try FuzzSource(subject, kinds: [], seed: 5)
    let other = try FuzzSource(subject, kinds: [], seed: 6)
    let texts = (0..<40).map { first.transcript($0).text }
    #expect(texts == (0..<40).map { second.transcript($0).text })
    #expect(texts != (0..<40).map { other.transcript($0).text })
    #expect(Set(texts).count > 35)
  }

  @Test func nothingToChangeIsSaid() throws {
    let scratch = ScratchDirectory()
    let subject = Subject(manifestPath: scratch.file("none.yaml"), plugins: [])
    #expect(throws: TranscriptFault.self) { try FuzzSource(subject, kinds: [.events], seed: 1) }
  }

  /// A schema's own samples pass it, but for what a pattern or a rule between members asks.
  @Test func samplesAreOfTheSchemasShape() throws {
    let schema = try StableJSON.decode(
      JSONValue.self,
      from: Array(
        #"""
        {"type":"object","required":["a","b"],"properties":{"a":{"type":"string","minLength":2,"maxLength":3},
         "b":{"type":"array","items":{"$ref":"#/$defs/n"},"minItems":1,"maxItems":2},"c":{"enum":["x"]}},
         "$defs":{"n":{"type":"integer","minimum":3,"maximum":9}}}
        """#.utf8))
    var random = SplitMix64(seed: 3)
    for _ in 0..<100 {
      let value = SchemaSample(root: schema, like: .object([:])).value(&random)
      #expect((2...3).contains(try #require(value["a"]?.text).count))
      let numbers = try #require(value["b"]?.elements)
      #expect((1...2).contains(numbers.count) && numbers.allSatisfy { (3...9).contains($0.integer ?? 0) })
      #expect(value["c"] == nil || value["c"] == "x")
    }
  }
}
