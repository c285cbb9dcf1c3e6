import ConnectorModel
import Manifest
import Testing

@Suite struct ManifestLintTests {
  private static func broken(_ name: String) -> ManifestReading {
    ManifestReader.read(path: ManifestFixtures.folder + "/broken/\(name).yaml", today: ManifestFixtures.today)
  }

  @Test func aProblemReadsAsCompilersWriteIt() {
    let lines = Self.broken("unknown-keys").problems.map(\.description)
    let file = ManifestFixtures.folder + "/broken/unknown-keys.yaml"
    #expect(
      lines.contains("\(file):10:42: error: endpoints.api.metods: unknown key; did you mean \"methods\"?"))
  }

  @Test(arguments: [
    ("unknown-keys", "nmae", "name"), ("unknown-keys", "limits.operation.dedline", "deadline"),
    ("identity", "isolation", "in-process"), ("references", "endpoints.api.auth[0]", "default"),
    ("references", "publish", nil), ("references", "health.deep.action", "ping"),
    ("errors-section", "errors[1].then", "rate_limited"),
    ("library-table", "library.linux-x86-64", "linux-x86_64"),
    ("methods-and-routes", "endpoints.api.methods[1]", "POST"),
    ("webhooks", "webhooks.c.handshake.kind", "get-ok"),
  ])
  func theNearestKnownWordIsSuggested(file: String, keyPath: String, suggestion: String?) {
    let problem = Self.broken(file).problems.first { $0.keyPath == keyPath }
    #expect(problem?.suggestion == suggestion)
  }

  @Test func aSecretPastedIntoTheManifestIsNotRepeated() {
    let text = ManifestLint.text([Self.broken("oauth")]) + ManifestLint.json([Self.broken("oauth")])
    #expect(!text.contains("hunter2"))
  }

  @Test func textEndsWithTheCounts() {
    let text = ManifestLint.text([Self.broken("syntax")])
    #expect(text.hasSuffix("\n1 manifest: 3 errors, 0 warnings, 0 notes\n"))
  }

  @Test func jsonHoldsEveryProblemAndTheCounts() throws {
    let readings = [Self.broken("syntax"), Self.broken("sunset-near")]
    let report = try StableJSON.decode(JSONValue.self, from: Array(ManifestLint.json(readings).utf8))
    let problems = try #require(report["problems"]?.elements)
    #expect(problems.count == readings.map(\.problems.count).reduce(0, +))
    #expect(problems[0]["code"] == .string("unknown-key"))
    #expect(problems[0]["severity"] == .string("error"))
    #expect(problems[0]["line"] == .integer(3))
    #expect(problems[0]["column"] == .integer(1))
    #expect(problems[0]["keyPath"] == .string("idd"))
    #expect(problems[0]["suggestion"] == .string("id"))
    #expect(report["summary"]?["errors"] == .integer(3))
    #expect(report["summary"]?["warnings"] == .integer(1))
    #expect(report["summary"]?["manifests"] == .integer(2))
  }

  @Test func onlyErrorsMakeTheExitCode() {
    #expect(ManifestLint.exitCode([Self.broken("syntax")]) == 1)
    #expect(ManifestLint.exitCode([Self.broken("sunset-near")]) == 0)
    #expect(ManifestLint.exitCode([]) == 0)
  }

  @Test func codesAreKebabCase() {
    for code in ProblemCode.allCases {
      #expect(code.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(code.rawValue)")
    }
  }
}
