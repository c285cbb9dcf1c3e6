internal import ArgumentParser
internal import Conformance
internal import ConnectorModel

/// `patchbay verify list`: the cases, or how the rules are covered by them.
struct VerifyListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the cases, or with --coverage the rules and what holds each.")

  @Flag(name: .long, help: "List rules, the cases that check them and the mutants that prove the cases.")
  var coverage = false

  @Option(name: .long, help: "human or json.")
  var format = OutputFormat.human

  func run() throws {
    if format == .json {
      return try Output.json(coverage ? VerifyCatalogue.coverage : VerifyCatalogue.cases)
    }
    guard coverage else {
      Output.table(
        ["CASE", "LEVEL", "STRENGTH", "RULES", "PROVES"],
        CaseRegistry.all.map { test in
          [
            test.id, test.level.rawValue, test.strength.rawValue,
            test.rules.count > 4
              ? test.rules.prefix(4).joined(separator: " ") + " …" : test.rules.joined(separator: " "),
            test.proves,
          ]
        })
      Output.line("")
      return Output.table(
        ["NOT ASKED", "WHAT", "WHY"], CoverageRegister.unasked.map { [$0.ids, $0.question, $0.reason] })
    }
    Output.table(
      ["RULE", "WHO", "CHECKED BY", "PROVEN BY"],
      RuleCoverage.all.map { [$0.rule.id, $0.rule.side.rawValue, $0.checks, $0.proof] })
    Output.line(RuleCoverage.summary)
  }
}

/// The cases and the rules as JSON.
enum VerifyCatalogue {
  static var cases: JSONValue {
    .array(
      CaseRegistry.all.map { test in
        [
          "id": .string(test.id), "category": .string(test.category), "level": .string(test.level.rawValue),
          "strength": .string(test.strength.rawValue), "rules": .array(test.rules.map { .string($0) }),
          "proves": .string(test.proves),
        ]
      })
  }

  static var coverage: JSONValue {
    [
      "rules": .array(
        RuleCoverage.all.map { row in
          [
            "id": .string(row.rule.id), "side": .string(row.rule.side.rawValue),
            "text": .string(row.rule.text),
            "cases": .array(row.cases.map { .string($0) }),
            "mutants": .array(row.mutants.map { .string($0) }),
            "tests": .array(row.tests.map { .string($0) }), "covered": .bool(row.isCovered),
            "reason": row.reason.map { .string($0) } ?? .null,
          ]
        }),
      "unasked": .array(
        CoverageRegister.unasked.map { row in
          ["ids": .string(row.ids), "question": .string(row.question), "reason": .string(row.reason)]
        }),
      "summary": .string(RuleCoverage.summary),
    ]
  }
}

/// `patchbay verify explain`: one rule or one case in full.
struct VerifyExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explains a rule such as S-1, or a case such as G1.")

  @Argument(help: "The id of a rule or of a case.")
  var id: String

  func run() throws {
    if let rule = ContractRule.named(id) {
      Output.line("\(rule.id) (\(rule.side.rawValue)): \(rule.text)")
      if let coverage = RuleCoverage.all.first(where: { $0.rule == rule }) {
        Output.line("Checked by: \(coverage.checks)")
        Output.line("Proven by: \(coverage.proof)")
      }
      for test in CaseRegistry.all where test.rules.contains(id) {
        Output.line("  \(test.id)  \(test.proves)")
      }
    } else if let test = CaseRegistry.named(id) {
      Output.line("\(test.id) (\(test.level.rawValue), \(test.strength.rawValue)): \(test.proves)")
      for id in test.rules {
        if let rule = ContractRule.named(id) { Output.line("  \(id)  \(rule.text)") }
      }
    } else if let row = CoverageRegister.unasked.first(where: {
      $0.ids.split(separator: " ").contains { $0 == id }
    }) {
      Output.line("\(id) is not asked: \(row.question). Why: \(row.reason)")
    } else {
      throw CommandFailure(
        sentence: "there is no rule and no case \(id); see `patchbay verify list`", code: 2)
    }
  }
}
