import Foundation
import TestTools
import Testing

/// The commands of docs/authoring.md do what the page says.
@Suite(.offThePool) struct AuthoringPageTests {
  /// A fenced block of commands, and what the page shows of their output.
  private struct Step {
    var commands: String
    var shown: [Substring] = []
  }

  private static func steps(of page: String) -> [Step] {
    var steps: [Step] = []
    for block in page.matches(of: #/```(sh|text)\n([^`]*)```/#) {
      if block.output.1 == "sh" {
        steps.append(Step(commands: String(block.output.2)))
      } else if let last = steps.indices.last {
        steps[last].shown += block.output.2.split(separator: "\n")
      }
    }
    return steps
  }

  /// Whether a line of `printed` has the parts of `shown`, which are separated by `…`, in their order.
  private static func contains(_ printed: Substring, _ shown: Substring) -> Bool {
    printed.split(separator: "\n").contains { line in
      var rest = line[...]
      for part in shown.split(separator: "…") {
        guard let found = rest.firstRange(of: part.trimmingCharacters(in: .whitespaces)) else { return false }
        rest = rest[found.upperBound...]
      }
      return true
    }
  }

  @Test(.enabled(if: Tool(named: "cc") != nil || requiresAll, "there is no C compiler"))
  func everyCommandOfThePageIsRun() throws {
    let page = try String(contentsOf: Program.checkout.appending(path: "docs/authoring.md"), encoding: .utf8)
    let steps = Self.steps(of: page)
    #expect(steps.count >= 8)
    let script = steps.enumerated().map { "echo '=== step \($0.offset)'\n\($0.element.commands)" }
    let (code, printed) = try Shell().run(script.joined(separator: "\n"))
    #expect(code == 0, "\(printed.suffix(6_000))")
    let outputs = printed.split(separator: #/=== step [0-9]+\n/#)
    try #require(outputs.count == steps.count, "\(printed.suffix(6_000))")
    for (step, output) in zip(steps, outputs) {
      for line in step.shown {
        #expect(
          Self.contains(output, line), "the page shows `\(line)`, but it printed:\n\(output.suffix(3_000))")
      }
    }
  }
}
