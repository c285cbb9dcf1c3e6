import ConnectorModel
import Foundation
import Glibc
import Manifest
import Ports
import TestTools
import Testing

@testable import PluginLoader

/// The loading sequence over the real `dlopen`, with one good connector beside each bad one.
@Suite(.offThePool, .needsClang) struct PluginLoaderTests {
  /// Loads `bad` (a library built with `flags`) together with a good neighbour, which must not notice.
  private func load(
    _ flags: [String], manifest change: (inout Manifest) -> Void = { _ in }
  ) throws -> LoadReport.Entry {
    try load(library: Fixture.library(flags), manifest: change)
  }

  private func load(
    library: [UInt8], manifest change: (inout Manifest) -> Void = { _ in }
  ) throws -> LoadReport.Entry {
    let scratch = ScratchDirectory()
    scratch.write(library, to: "libbad.so")
    scratch.write(try Fixture.library(["-DCONNECTOR_ID=\"good\""]), to: "libgood.so")
    let loader = PluginLoader(searchPath: [scratch.path], stateDirectory: scratch.file("state"))
    let (connectors, report) = loader.load([
      Fixture.manifest(library: "libbad.so", change),
      Fixture.manifest(id: "good", library: "libgood.so", path: "/manifests/good.yaml"),
    ])
    #expect(connectors.contains { $0.manifest.id == "good" }, "a bad connector stopped a good one")
    #expect(report.entries.count == 2)
    return try #require(report.entries.first { $0.manifest == "/manifests/echo.yaml" })
  }

  private func expectRefused(
    _ entry: LoadReport.Entry, _ code: String, _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(entry.status == .refused, sourceLocation: sourceLocation)
    #expect(entry.code == code, "\(entry.reason ?? "")", sourceLocation: sourceLocation)
    #expect(
      entry.reason?.contains(words) == true, "\(entry.reason ?? "no reason")", sourceLocation: sourceLocation)
    let reason = entry.reason ?? ""
    #expect(!reason.contains("\n") && !reason.hasSuffix("."), "one sentence", sourceLocation: sourceLocation)
  }

  /// Rule O-4: code of it may still be on somebody's stack, or registered with a runtime.
  @Test func refusedLibraryStaysMapped() throws {
    let scratch = ScratchDirectory()
    scratch.write(try Fixture.library(["-DCONNECTOR_ID=\"other\""]), to: "libecho.so")
    let loader = PluginLoader(searchPath: [scratch.path], stateDirectory: scratch.file("state"))
    let (connectors, report) = loader.load([Fixture.manifest()])
    let entry = try #require(report.entries.first)
    #expect(
      connectors.isEmpty && entry.status == .refused && entry.code == "disagrees_with_manifest", "\(entry)")
    // Finds only what is loaded already.
    let copy = try #require(entry.privateCopy)
    #expect(unsafe dlopen(copy, RTLD_LAZY | RTLD_NOLOAD) != nil, "\(entry)")
  }

  @Test func goodConnectorIsLoadedAndReported() throws {
    let scratch = ScratchDirectory()
    let bytes = try Fixture.library()
    scratch.write(bytes, to: "libecho.so")
    let loader = PluginLoader(
      searchPath: [scratch.file("nowhere"), scratch.path], stateDirectory: scratch.file("state"))
    let (connectors, report) = loader.load([Fixture.manifest()])
    let entry = try #require(report.entries.first)
    let hash = try SHA256Digest(of: bytes).hex
    #expect(entry.status == .loaded, "\(entry.reason ?? "")")
    #expect(entry.reason == nil && entry.code == nil && entry.notes == [])
    #expect(entry.abi == "1.0" && entry.build == "test" && entry.sha256 == hash && entry.generation == 1)
    #expect(entry.privateCopy == scratch.file("state/libraries/\(hash)-1.so"))
    #expect(
      entry.attempts == [
        LoadReport.Attempt(path: scratch.file("nowhere/libecho.so"), result: "there is no such file"),
        LoadReport.Attempt(path: scratch.file("libecho.so"), result: "found"),
      ])
    #expect(connectors.first?.isParallel == true)
    #expect(connectors.first?.descriptor.actions == ["echo", "fetch"])
  }

  @Test func reportSurvivesJSON() throws {
    let entry = try load(["-DVARIANT_NO_ENTRY"])
    let report = LoadReport(entries: [entry])
    let json = try StableJSON.encode(report)
    #expect(try StableJSON.decode(LoadReport.self, from: json) == report)
  }

  @Test func missingEntryIsNamed() throws {
    expectRefused(
      try load(["-DVARIANT_NO_ENTRY"]), "entry_missing", "does not export patchbay_connector_entry_v1")
  }

  @Test func newerMajorIsNamedWithoutRunningCode() throws {
    expectRefused(try load(["-DVARIANT_ENTRY_V2"]), "other_abi", "needs ABI 2, this host speaks 1")
  }

  @Test func manifestOfNewerMajorIsRefusedBeforeTheLibraryIsSought() throws {
    let entry = try load([], manifest: { $0.abi.major = 2 })
    expectRefused(entry, "other_abi", "the manifest needs ABI 2, this host speaks 1")
    #expect(entry.attempts.isEmpty)
  }

  @Test func tableOfAnotherMajorBreaksTheContract() throws {
    expectRefused(try load(["-DTABLE_MAJOR=2"]), "broke_contract", "rule E-1")
  }

  @Test func newerMinorAndLargerTableAreWelcome() throws {
    let entry = try load(["-DTABLE_MINOR=7", "-DTABLE_SIZE=4096"])
    #expect(entry.status == .loaded, "\(entry.reason ?? "")")
    #expect(entry.abi == "1.0")
  }

  @Test(arguments: [
    ("-DVARIANT_NULL_SLOT", "rule M-7", "`end` is NULL"),
    ("-DTABLE_SIZE=8", "rule M-6", "struct_size 8"),
    ("-DTABLE_SIZE=0x7fffffff", "rule M-6", "struct_size"),
    ("-DVARIANT_MISALIGNED_TABLE", "rule M-6", "not aligned"),
    ("-DVARIANT_BAD_ID", "rule M-8", "not UTF-8"),
    ("-DTABLE_FLAGS=(UINT64_C(1)<<33)", "rule M-5", "must understand"),
    ("-DVARIANT_REFUSES_SILENTLY", "rule L-1", "without a reason"),
    ("-DVARIANT_COMPLETES_IN_ENTRY", "rule L-8", "only `fail`"),
    ("-DVARIANT_EFFECT_IN_DESCRIBE", "rule L-8", "`timer`"),
    ("-DVARIANT_DESCRIBE_FAILS", "rule L-1", "no idea"),
    ("-DDESCRIPTOR=\"{}\"", "rule D-1", "describe did not answer"),
    ("-DDESCRIPTOR=\"nonsense\"", "rule P-2", "not one JSON value"),
  ])
  func brokenTableIsRefusedWithItsRule(flag: String, rule: String, words: String) throws {
    let entry = try load([flag])
    expectRefused(entry, "broke_contract", rule)
    expectRefused(entry, "broke_contract", words)
  }

  @Test func refusalByTheConnectorIsShownInItsWords() throws {
    expectRefused(
      try load(["-DVARIANT_REFUSES"]), "refused_by_connector",
      "echo refused to be loaded: the licence has expired")
  }

  @Test func anotherIdIsADifference() throws {
    let entry = try load(["-DCONNECTOR_ID=\"other\""])
    expectRefused(entry, "disagrees_with_manifest", "the manifest says id echo")
    #expect(entry.differences.count == 1)
  }

  @Test func everyDifferenceIsItsOwnSentence() throws {
    let entry = try load([#"-DACTIONS="\"echo\",\"extra\"""#, "-DCONNECTOR_VERSION=\"2.0.0\""])
    expectRefused(entry, "disagrees_with_manifest", "3 ways")
    #expect(entry.differences[0].contains("the manifest says version 1.0.0"))
    #expect(entry.differences[1].hasPrefix("the manifest lists the action fetch that "))
    #expect(entry.differences[2].hasSuffix("has the action extra that the manifest does not list"))
  }

  @Test func workerIsolationIsRefusedAndNeverReplaced() throws {
    expectRefused(try load([], manifest: { $0.isolation = .worker }), "needs_worker", "isolation: worker")
  }

  @Test func unknownExtensionIsRefusedBeforeTheLibraryIsSought() throws {
    let entry = try load([], manifest: { $0.extensions = ["patchbay.blob-read/1"] })
    expectRefused(entry, "unknown_extension", "patchbay.blob-read/1")
    #expect(entry.attempts.isEmpty)
  }

  @Test func missingFileNamesWhereItWasSought() throws {
    let entry = try load([], manifest: { $0.library.files["any"]?.path = "libabsent.so" })
    expectRefused(entry, "not_found", "libabsent.so was not found, looked in /tmp/")
    #expect(entry.attempts.map(\.result) == ["there is no such file"])
  }

  @Test func libraryOfAnotherArchitectureIsNamed() throws {
    var bytes = try Fixture.library()
    let host = HostFacts.ofThisProcess()
    let other: UInt8 = host.machine == 183 ? 62 : 183
    bytes[18] = other
    expectRefused(
      try load(library: bytes), "wrong_architecture",
      "is built for \(ELFImage.machineName(UInt16(other))), this host is \(ELFImage.machineName(host.machine))"
    )
  }

  @Test(
    arguments: [
      (Array("just text\n".utf8), "not_elf"), ([], "not_elf"),
      ([0x7F, 0x45, 0x4C, 0x46], "wrong_architecture"),
      ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1], "malformed"),
    ] as [([UInt8], String)])
  func fileThatIsNoLibraryIsNamed(bytes: [UInt8], code: String) throws {
    let entry = try load(library: bytes)
    #expect(entry.code == code, "\(entry.reason ?? "")")
  }

  /// A third, what a deployment wrote until its disk was full; all but a byte.
  @Test(arguments: [1, 2])
  func truncatedLibraryIsNamed(part: Int) throws {
    let bytes = try Fixture.library()
    let kept = part == 1 ? bytes.count / 3 : bytes.count - 1
    expectRefused(try load(library: Array(bytes[..<kept])), "malformed", "is damaged")
  }

  @Test func pinnedHashMustMatch() throws {
    let pin = String(repeating: "ab", count: 32)
    expectRefused(try load([], manifest: { $0.library.files["any"]?.sha256 = pin }), "wrong_hash", pin)
  }

  @Test func pinnedHashThatMatchesIsFine() throws {
    let pin = try SHA256Digest(of: Fixture.library()).hex.uppercased()
    #expect(try load([], manifest: { $0.library.files["any"]?.sha256 = pin }).status == .loaded)
  }

  @Test func libraryWithASiblingIsRefused() throws {
    let scratch = ScratchDirectory()
    let stub = try Fixture.stub(
      soname: "libsibling.so", in: scratch, source: "int sibling(void) { return 0; }")
    expectRefused(
      try load(["-DVARIANT_SIBLING", stub, "-Wl,-rpath,$ORIGIN"]), "needs_sibling",
      "needs libsibling.so, and the host loads a private copy that has no siblings")
  }

  @Test func undefinedSymbolIsAClearError() throws {
    expectRefused(try load(["-DVARIANT_UNDEFINED"]), "not_loadable", "nobody_defines_this")
  }

  @Test func namesakesAreAllRefused() throws {
    let loader = PluginLoader(searchPath: [], stateDirectory: "/tmp/unused")
    let (connectors, report) = loader.load([
      Fixture.manifest(path: "/manifests/b.yaml"),
      Fixture.manifest(version: "2.0.0", path: "/manifests/a.yaml"),
    ])
    #expect(
      connectors.isEmpty && report.entries.map(\.manifest) == ["/manifests/a.yaml", "/manifests/b.yaml"])
    for entry in report.entries {
      expectRefused(entry, "duplicate", "2 manifests are called echo (/manifests/a.yaml, /manifests/b.yaml)")
    }
  }

  @Test func serialLibraryUnderAParallelManifestIsNoted() throws {
    let entry = try load(["-DTABLE_FLAGS=0"])
    #expect(entry.status == .loaded)
    #expect(entry.notes == ["operations run one at a time: the library does not declare PARALLEL_OPS"])
  }

  @Test func reloadMapsANewGeneration() throws {
    let scratch = ScratchDirectory()
    scratch.write(try Fixture.library(), to: "libecho.so")
    let loader = PluginLoader(searchPath: [scratch.path], stateDirectory: scratch.file("state"))
    let first = loader.load([Fixture.manifest()]).report.entries[0]
    let second = loader.load([Fixture.manifest()]).report.entries[0]
    #expect(first.generation == 1 && second.generation == 2)
    #expect(first.sha256 == second.sha256 && first.privateCopy != second.privateCopy)
  }

  @Test func unwritableStateDirectoryIsNamed() throws {
    let scratch = ScratchDirectory()
    scratch.write(try Fixture.library(), to: "libecho.so")
    scratch.write([], to: "state")
    let loader = PluginLoader(searchPath: [scratch.path], stateDirectory: scratch.file("state"))
    let entry = loader.load([Fixture.manifest()]).report.entries[0]
    expectRefused(entry, "copy_failed", "a part of the path is not a directory")
  }
}
