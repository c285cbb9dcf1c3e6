import Manifest
import Testing

@Suite struct HostileTextTests {
  private static func faults(_ bytes: [UInt8]) -> [String] {
    ManifestFixtures.read(bytes).problems.filter { $0.severity != .note }
      .map { "\($0.code.rawValue) \($0.line):\($0.column)" }
  }

  private static func good() throws -> [UInt8] {
    Array(try ManifestFixtures.text(ManifestFixtures.folder + "/good/full.yaml").utf8)
  }

  @Test func byteOrderMarkIsTheOnlyFaultOfAGoodFile() throws {
    #expect(Self.faults([0xEF, 0xBB, 0xBF] + (try Self.good())) == ["byte-order-mark 1:1"])
  }

  @Test func nulByteEndsTheFileAndIsPlaced() throws {
    let bytes = Array("manifest: 1\nid: sam\0ple\n".utf8)
    #expect(Self.faults(bytes) == ["control-character 2:8"])
  }

  @Test func bytesThatAreNotUTF8ArePlaced() {
    #expect(Self.faults(Array("manifest: 1\nid: \u{E9}t".utf8) + [0xE9, 0x0A]) == ["not-utf8 2:7"])
    #expect(Self.faults([0xFF, 0xFE, 0x6D, 0x00]) == ["not-utf8 1:1"])
    #expect(Self.faults([0xC0, 0x80]) == ["not-utf8 1:1"])
    #expect(Self.faults([0xED, 0xA0, 0x80]) == ["not-utf8 1:1"])
  }

  @Test func whatStandsBeforeABadByteIsJudged() {
    let bytes = Array("manifest: 1\nnmae: x\n".utf8) + [0xFF]
    #expect(Self.faults(bytes) == ["unknown-key 2:1", "not-utf8 3:1"])
  }

  @Test func aMebibyteIsReadAndAByteMoreIsNot() throws {
    let good = try Self.good()
    let comment = Array("\n#".utf8) + Array(repeating: UInt8(ascii: "x"), count: (1 << 20) - good.count - 2)
    #expect(Self.faults(good + comment) == [])
    #expect(Self.faults(good + comment + [UInt8(ascii: "x")]) == ["file-too-large 1:1"])
  }

  @Test func aFileOfManyNodesIsCutShort() {
    let text = "manifest: 1\nx-many: [" + String(repeating: "1,", count: 30_000) + "1]\n"
    #expect(Self.faults(Array(text.utf8)).map { $0.prefix(19) } == ["yaml-too-many-nodes"])
  }

  @Test(arguments: [
    "[", "{", "- ", "? ", "a: {", "!", "&a [", "*", "|", "'", "\"", "%TAG ! x", "---\n", "\u{2028}",
  ])
  func repeatedSignsEndInAProblemAndNeverInACrash(piece: String) {
    let reading = ManifestFixtures.read(String(repeating: piece, count: 20_000))
    #expect(reading.manifest == nil)
    #expect(reading.problems.contains { $0.severity == .error })
  }

  @Test func everyPrefixOfAGoodFileIsReadWithoutACrash() throws {
    let good = try Self.good()
    for length in stride(from: 0, to: good.count - 1, by: 293) {
      let reading = ManifestFixtures.read(Array(good[..<length]))
      #expect((reading.manifest == nil) == reading.problems.contains { $0.severity == .error })
    }
  }

  @Test func bytesTurnedAtRandomNeverCrashTheReader() throws {
    let good = try Self.good()
    var generator = Generator(state: 20_261_123)
    for _ in 0..<80 {
      var bytes = good
      for _ in 0..<3 {
        bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      let reading = ManifestFixtures.read(bytes)
      #expect(!reading.problems.contains { $0.code == .builderGap }, "seed 20261123: \(reading.problems)")
      #expect((reading.manifest == nil) == reading.problems.contains { $0.severity == .error })
    }
  }

  @Test func anAnchorIsNeverExpanded() {
    var text = "manifest: 1\nx-a: &a0 [lol]\n"
    for level in 1...30 { text += "x-\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let codes = Set(ManifestFixtures.read(text).problems.map(\.code))
    #expect(codes.isSuperset(of: [.anchor, .alias]))
  }

  private struct Generator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
}
