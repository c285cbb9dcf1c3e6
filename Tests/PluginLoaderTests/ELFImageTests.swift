import ConnectorModel
import TestTools
import Testing

@testable import PluginLoader

/// The parser against real libraries, and against files that lie.
@Suite(.offThePool, .needsClang) struct ELFImageTests {
  @Test func connectorOfCIsReadWhole() throws {
    let image = try ELFImage(parsing: Fixture.library())
    #expect(image.machine == HostFacts.ofThisProcess().machine && !image.isProgram)
    #expect(image.needed == ["libc.so.6"] && image.soname == nil && image.runpath == nil)
    #expect(image.exports.filter { !$0.hasPrefix("_") } == ["patchbay_connector_entry_v1"])
    #expect(image.symbols.contains { $0.name == "calloc" && !$0.isDefined && $0.isFunction })
  }

  @Test(arguments: ["-Wl,--hash-style=gnu", "-Wl,--hash-style=sysv", "-Wl,--hash-style=both"])
  func everyKindOfHashTableIsUnderstood(style: String) throws {
    let image = try ELFImage(parsing: Fixture.library([style]))
    #expect(image.exports.contains("patchbay_connector_entry_v1"))
    #expect(image.symbols.contains { $0.name == "snprintf" && !$0.isDefined })
  }

  @Test func namesOfTheFileAreRead() throws {
    let image = try ELFImage(
      parsing: Fixture.library(["-Wl,-soname,libnamed.so.3", "-Wl,-rpath,/opt/a:$ORIGIN"]))
    #expect(image.soname == "libnamed.so.3" && image.runpath == "/opt/a:$ORIGIN")
  }

  @Test func swiftRuntimeOfTheHostIsReadWhole() throws {
    let runtime = try #require(HostFacts.ofThisProcess().swiftRuntime)
    let image = try ELFImage(parsing: readAll("\(runtime.directory)/libswiftCore.so"))
    #expect(image.soname == "libswiftCore.so")
    #expect(image.exports.count > 10_000 && image.exports.contains("swift_retain"))
  }

  @Test func programsAndObjectsAreToldFromLibraries() throws {
    let scratch = ScratchDirectory()
    let clang = try #require(Fixture.clang)
    let source = scratch.write(Array("int main(void) { return 0; }\n".utf8), to: "main.c")
    #expect(clang.run(["-c", source, "-o", scratch.file("main.o")], output: scratch.file("log")).code == 0)
    #expect(clang.run(["-pie", source, "-o", scratch.file("main")], output: scratch.file("log")).code == 0)
    #expect(throws: ELFProblem.notSharedObject) { try ELFImage(parsing: readAll(scratch.file("main.o"))) }
    #expect(try ELFImage(parsing: readAll(scratch.file("main"))).isProgram)
  }

  @Test func everyTruncationIsRefusedOrRead() throws {
    let bytes = try Fixture.library()
    var refused = 0
    for length in stride(from: 0, to: bytes.count, by: 7) {
      if (try? ELFImage(parsing: Array(bytes[..<length]))) == nil { refused += 1 }
    }
    // Only what the last segment does not cover, section headers and names, can be cut off unnoticed.
    #expect(refused > bytes.count / 7 / 2)
  }

  @Test func everyFlippedBitOfTheHeadersIsSurvived() throws {
    let bytes = try Fixture.library()
    // ELF header, program headers and, right behind them, the hash, symbol and string tables.
    for bit in 0..<(2048 * 8) { parse(bytes, flipping: [bit]) }
  }

  @Test func randomDamageIsSurvived() throws {
    let bytes = try Fixture.library()
    for seed in UInt64(1)...2000 {
      var random = SplitMix64(seed: seed)
      let bits = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        Int.random(in: 0..<(bytes.count * 8), using: &random)
      }
      parse(bytes, flipping: bits)
    }
  }

  @Test(
    arguments: [
      (32, UInt64.max), (32, 1 << 40), (32, UInt64.max - 63),  // program headers
      (54, 0), (56, 0),  // their size and number
    ] as [(Int, UInt64)])
  func hostileOffsetsInTheHeaderAreRefused(offset: Int, value: UInt64) throws {
    var bytes = try Fixture.library()
    store(value, in: &bytes, at: offset, size: offset == 32 ? 8 : 2)
    #expect(throws: ELFProblem.self) { try ELFImage(parsing: bytes) }
  }

  /// Each address and size of the dynamic section in turn points to nowhere, or wraps around.
  @Test(arguments: [UInt64.max, UInt64.max - 15, 1 << 62, 0x7FFF_FFFF_FFFF_FFF0])
  func hostileDynamicEntriesAreRefused(value: UInt64) throws {
    let bytes = try Fixture.library()
    let file = ELFBytes(bytes)
    let segments = try ELFSegments(file)
    for index in 0..<(segments.dynamicSize / 16) {
      let entry = segments.dynamicOffset + index * 16
      // The tables that the parser follows: strings, symbols, sizes and names. Its own hash table too.
      guard [1, 5, 6, 10].contains(file.u64(entry)) else { continue }
      var damaged = bytes
      store(value, in: &damaged, at: Int(entry) + 8, size: 8)
      #expect(throws: ELFProblem.self, "entry \(index)") { try ELFImage(parsing: damaged) }
    }
  }

  private func parse(_ bytes: [UInt8], flipping bits: [Int]) {
    var damaged = bytes
    for bit in bits where bit / 8 < damaged.count { damaged[bit / 8] ^= 1 << UInt8(bit % 8) }
    _ = try? ELFImage(parsing: damaged)
  }

  private func store(_ value: UInt64, in bytes: inout [UInt8], at offset: Int, size: Int) {
    for index in 0..<size { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index))) }
  }
}
