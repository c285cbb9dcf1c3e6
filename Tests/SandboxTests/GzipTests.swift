import Foundation
import TestTools
import Testing

@testable import Sandbox

@Suite(.offThePool) struct GzipTests {
  /// What `gzip -dc` makes of the bytes; nil where it finds them broken.
  private static func unpacked(_ bytes: [UInt8]) throws -> [UInt8]? {
    let file = FileManager.default.temporaryDirectory.appending(path: "sandbox-\(UUID().uuidString).gz")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", file.path()]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? [UInt8](output) : nil
  }

  static let inputs: [[UInt8]] = [
    [], [7], Array("abcabcabcabc".utf8), Array(0...255), [UInt8](repeating: 65, count: 100_000),
    // The same text again, just inside and just outside of what a match can reach.
    Array("needle".utf8) + Array(repeating: [1, 2, 3, 5, 8, 13], count: 5461).flatMap { $0 }
      + Array("needle".utf8),
    (0..<20_000).flatMap { Array("{\"n\":\($0 % 700)}".utf8) },
  ]

  @Test(arguments: inputs.indices)
  func whatIsPackedIsUnpackedByGzip(index: Int) throws {
    let packed = Gzip.compress(Self.inputs[index])
    #expect(try Self.unpacked(packed) == Self.inputs[index])
  }

  @Test func randomBytesAreUnpackedToo() throws {
    var generator = SystemRandomNumberGenerator()
    let seed = generator.next()
    var source = Sequence64(state: seed)
    let bytes = (0..<50_000).map { _ in source.byte() }
    #expect(try Self.unpacked(Gzip.compress(bytes)) == bytes, "seed \(seed)")
  }

  @Test func textThatRepeatsItselfGetsSmaller() {
    let text = Array(String(repeating: "{\"email\":\"someone@patchbay.example\"},", count: 1000).utf8)
    #expect(Gzip.compress(text).count * 20 < text.count)
  }

  @Test func brokenArchiveIsNoticed() throws {
    var packed = Gzip.compress(Array("something to be broken".utf8))
    packed[packed.count - 6] ^= 1
    #expect(try Self.unpacked(packed) == nil)
  }

  @Test func checksumIsCRC32() {
    #expect(Gzip.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
  }

  private struct Sequence64 {
    var state: UInt64

    /// Bytes of which many are equal, so that there are matches of every distance.
    mutating func byte() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 60)
    }
  }
}
