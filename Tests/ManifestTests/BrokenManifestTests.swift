import Manifest
import Testing

internal import class FoundationEssentials.FileManager

/// One broken manifest; its comments say which problems it has: `# expect: unknown-key 7:5 endpoints.api.metods`.
struct BrokenManifest: Sendable, CustomTestStringConvertible {
  var name: String
  var path: String

  var testDescription: String { name }

  static let all: [BrokenManifest] = {
    let folder = ManifestFixtures.folder + "/broken"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted()
      .map { BrokenManifest(name: $0, path: folder + "/" + $0) }
  }()

  func expectations() throws -> [String] {
    try ManifestFixtures.text(path).split(separator: "\n")
      .filter { $0.hasPrefix("# expect: ") }
      .map { String($0.dropFirst("# expect: ".count)) }
  }
}

@Suite struct BrokenManifestTests {
  @Test(arguments: BrokenManifest.all)
  func everyFaultIsNamedWithItsPlace(_ broken: BrokenManifest) throws {
    let reading = ManifestReader.read(path: broken.path, today: ManifestFixtures.today)
    let found = reading.problems.filter { $0.severity != .note }
      .map { "\($0.code.rawValue) \($0.line):\($0.column)" + ($0.keyPath.isEmpty ? "" : " \($0.keyPath)") }
    let expected = try broken.expectations()
    #expect(!expected.isEmpty)
    #expect(found == expected)
    let hasError = reading.problems.contains { $0.severity == .error }
    #expect((reading.manifest == nil) == hasError)
  }

  @Test func thereAreAtLeastTwenty() {
    #expect(BrokenManifest.all.count >= 20)
  }

  @Test(arguments: BrokenManifest.all)
  func everyProblemSaysWhatToDo(_ broken: BrokenManifest) {
    for problem in ManifestReader.read(path: broken.path, today: ManifestFixtures.today).problems {
      #expect(!problem.message.isEmpty)
      #expect(!problem.advice.isEmpty || problem.suggestion != nil, "\(problem)")
      #expect(problem.file == broken.path)
    }
  }
}
