import Foundation
import TestTools
import Testing

/// What `patchbay new` writes is built, tested and verified outside the repository, as its author does it.
@Suite(.offThePool, .serialized) struct NewCommandTests {
  private let shell = Shell()

  /// Every case that can apply is passed: at gold, so that the starters are the perfect connectors too.
  private func expectPerfect(_ language: String, flavour: String = "build") throws {
    let (code, printed) = try shell.run(
      """
      patchbay new demo-\(language) --language \(language) --dir made
      cd made
      export FLAVOUR=\(flavour) LEVEL=gold
      make $FLAVOUR lint call test verify
      (cd Vendor/patchbay-kit && sha256sum --check --quiet SHA256SUMS)
      """)
    #expect(code == 0, "\(printed.suffix(6_000))")
    #expect(printed.contains("1 manifest: 0 errors, 0 warnings, 0 notes"))
    #expect(printed.contains(#""outcome":"succeeded","requests":1,"result":{"id":"n1"}"#))
    let skipped = printed.split(separator: "\n").filter { $0.contains(#/^  [A-Z]+[0-9]+ +skipped/#) }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    let beyond = Set(skipped).subtracting(UnaskedCases.ofStarters(in: language))
    #expect(beyond.isEmpty, "\(printed.suffix(6_000))")
  }

  @Test(.enabled(if: Tool(named: "cc") != nil || requiresAll, "there is no C compiler"))
  func connectorInCIsPerfect() throws { try expectPerfect("c") }

  @Test func connectorInSwiftIsPerfectWithItsOwnRuntime() throws {
    try expectPerfect("swift", flavour: "portable")
  }

  @Test(.enabled(if: Tool(named: "cargo") != nil, "there is no cargo"))
  func connectorInRustIsPerfect() throws { try expectPerfect("rust") }

  @Test func directoryThatIsNotEmptyIsLeftAlone() throws {
    let (code, printed) = try shell.run(
      "mkdir full && echo mine > full/README.md && patchbay new demo --dir full")
    #expect(code == 2 && printed.contains("not an empty directory"), "\(printed)")
    #expect(shell.text(of: "full/README.md") == "mine\n")
  }

  @Test(arguments: ["Demo", "1st", "a b", "../up", "-x-", ""])
  func nameThatIsNoIDIsRefused(name: String) throws {
    let (code, printed) = try shell.run("patchbay new -- '\(name)'")
    #expect(code == 2 && printed.contains("lower-case letters"), "\(printed)")
  }

  /// Ids that contain the starter's own name, or would be a keyword or a type elsewhere.
  @Test(arguments: ["starter", "starter-kit", "meta.v4", "string"])
  func nameStandsWhereTheStartersDid(name: String) throws {
    let (code, printed) = try shell.run(
      "patchbay new \(name) --language swift && patchbay lint \(name)/manifests")
    #expect(code == 0, "\(printed)")
    let joined = name.replacing(#/[-.]/#, with: "_")
    let manifest = shell.text(of: "\(name)/manifests/\(name).yaml")
    #expect(manifest.contains("id: \(name)\n") && manifest.contains("library: lib\(joined)_connector.so\n"))
    #expect(shell.text(of: "\(name)/Package.swift").contains("name: \"\(joined)_connector\""))
  }

  /// Also that a changed source is embedded anew by the next build.
  @Test func kitIsTheRepositorysOwn() throws {
    let check = try shell.run("\(Program.checkout.path)/scripts/starter-files --check")
    #expect(check.code == 0, "\(check.printed)")
    let (code, printed) = try shell.run(
      """
      patchbay new demo --language swift
      cd demo/Vendor/patchbay-kit
      for file in $(find Sources -type f); do cmp "$file" "\(Program.checkout.path)/$file"; done
      cmp build-portable "\(Program.checkout.path)/scripts/build-portable"
      """)
    #expect(code == 0, "\(printed)")
  }
}
