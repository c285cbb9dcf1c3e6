import Manifest
import Testing

internal import struct FoundationEssentials.Data
internal import class FoundationEssentials.FileManager
internal import struct FoundationEssentials.URL
internal import struct FoundationEssentials.UUID

@Suite struct ManifestDirectoryTests {
  private static let minimal = """
    manifest: 1
    id: sample
    version: 1.0.0
    name: Sample
    library: libSample.so
    abi: {major: 1, minor: 0}
    api: {version: "1"}
    endpoints: {api: {base: "https://api.example.com", methods: [GET], auth: [none]}}
    actions: {ping: {effect: read}}

    """

  /// Runs `body` with a fresh folder that holds `files`.
  private static func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/patchbay-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      if let slash = name.lastIndex(of: "/") {
        try FileManager.default.createDirectory(
          atPath: folder + "/" + name[..<slash], withIntermediateDirectories: true)
      }
      try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }
    try body(folder)
  }

  private static func read(_ paths: [String]) -> [ManifestReading] {
    ManifestDirectory.read(paths, today: ManifestFixtures.today)
  }

  @Test func filesAreReadInTheOrderOfTheirNamesAndSubfoldersAreNot() throws {
    let other = Self.minimal.replacing("id: sample", with: "id: other")
    try Self.withFolder([
      "b.yaml": Self.minimal, "a.yml": other, ".hidden.yaml": "x", "notes.txt": "x", "schemas/s.yaml": "x",
      "examples/e.yaml": "x",
    ]) { folder in
      let readings = Self.read([folder])
      #expect(readings.map(\.file) == [folder + "/a.yml", folder + "/b.yaml"])
      #expect(readings.map(\.manifest?.id) == ["other", "sample"])
      #expect(readings[1].manifest?.path == folder + "/b.yaml")
    }
  }

  @Test func manyManifestsKeepTheOrderOfTheirNames() throws {
    let names = (100..<180).map { "m\($0)" }
    let files = names.map { ($0 + ".yaml", Self.minimal.replacing("id: sample", with: "id: \($0)")) }
    try Self.withFolder(Dictionary(uniqueKeysWithValues: files)) { folder in
      #expect(Self.read([folder]).map { $0.manifest?.id } == names)
    }
  }

  @Test func twoManifestsWithOneIDAreBothRefusedAndNameEachOther() throws {
    try Self.withFolder(["a.yaml": Self.minimal, "b.yaml": Self.minimal, "c.yaml": "id: sample\n"]) {
      folder in
      let readings = Self.read([folder])
      #expect(readings.allSatisfy { $0.manifest == nil })
      for (reading, others) in [(readings[0], ["b.yaml", "c.yaml"]), (readings[1], ["a.yaml", "c.yaml"])] {
        let problem = try #require(reading.problems.first { $0.code == .duplicateID })
        #expect(others.allSatisfy { problem.message.contains(folder + "/" + $0) })
        #expect(problem.line == 2 && problem.column == 5)
      }
    }
  }

  @Test func oneBadFileNeverStopsTheOthers() throws {
    try Self.withFolder(["a.yaml": "{", "b.yaml": Self.minimal]) { folder in
      let readings = Self.read([folder])
      #expect(readings.map { $0.manifest == nil } == [true, false])
    }
  }

  @Test func aFileGivenTwiceIsReadOnce() throws {
    try Self.withFolder(["a.yaml": Self.minimal]) { folder in
      let readings = Self.read([folder, folder + "/a.yaml"])
      #expect(readings.count == 1)
      #expect(readings[0].manifest != nil)
    }
  }

  @Test func whatIsNoManifestIsSaid() throws {
    try Self.withFolder(["notes.txt": "x"]) { folder in
      #expect(Self.read([folder]).flatMap(\.problems).map(\.code) == [.noManifests])
      #expect(Self.read([folder + "/none.yaml"]).flatMap(\.problems).map(\.code) == [.fileUnreadable])
      #expect(Self.read(["/dev/null"]).flatMap(\.problems).map(\.code) == [.fileUnreadable])
    }
  }

  @Test func aSchemaBehindALinkIsRead() throws {
    let text = Self.minimal.replacing("{effect: read}", with: "{effect: read, input: schemas/link.json}")
    try Self.withFolder(["a.yaml": text, "schemas/real.json": "{}"]) { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/schemas/link.json", withDestinationPath: "real.json")
      #expect(Self.read([folder]).first?.manifest != nil)
    }
  }
}
