import ConnectorKit
import Testing

@testable import MailchimpConnector

@Suite struct ArchiveTests {
  private func expand(_ bytes: [UInt8], atMost limit: Int = 1 << 20) throws -> [UInt8] {
    try Gunzip.expand(bytes, atMost: limit)
  }

  @Test func resultsComeOutOfTheFilesAlone() throws {
    let results = try BatchArchive.read(ArchiveSamples.results)
    #expect(results.count == 40)
    #expect(results.map(\.operation_id) == (0..<40).map { "pb-cd75315a553e-\($0)" })
    #expect(results.map(\.status_code) == (0..<40).map { $0 % 3 == 0 ? 404 : 200 })
    #expect(results[1].response == #"{"id": "0000000000000000000000009e3779b1", "status": "subscribed"}"#)
  }

  @Test func fixedCodesAndStoredBlocksAreReadToo() throws {
    #expect(
      try TarReader.files(expand(ArchiveSamples.fixed)).map { String(decoding: $0, as: UTF8.self) } == ["[]"])
    #expect(try String(decoding: expand(ArchiveSamples.stored), as: UTF8.self) == "stored as it is")
  }

  @Test func checksumAndLengthAreChecked() {
    for place in 1...8 {
      var bytes = ArchiveSamples.fixed
      bytes[bytes.count - place] ^= 1
      #expect(throws: ArchiveFault.malformed(place > 4 ? "the checksum is wrong" : "the length is wrong")) {
        try expand(bytes)
      }
    }
  }

  @Test func noMoreComesOutThanWasAgreed() throws {
    let whole = try expand(ArchiveSamples.results).count
    #expect(throws: ArchiveFault.tooLarge) { try expand(ArchiveSamples.results, atMost: whole - 1) }
    #expect(try expand(ArchiveSamples.results, atMost: whole).count == whole)
  }

  /// The large sample is sampled: a prime step meets every kind of place.
  private static let samples = [
    (ArchiveSamples.fixed, 1), (ArchiveSamples.stored, 1), (ArchiveSamples.results, 61),
  ]

  @Test(arguments: samples) func cutAnywhereIsAFault(bytes: [UInt8], step: Int) {
    for length in stride(from: 0, to: bytes.count, by: step) {
      #expect(throws: ArchiveFault.self) { try expand(Array(bytes[..<length])) }
    }
  }

  @Test(arguments: samples) func noFlippedBitPassesOrBreaksAnything(bytes: [UInt8], step: Int) throws {
    let whole = try expand(bytes)
    for bit in stride(from: 0, to: bytes.count * 8, by: step) {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      // Bits of the head that mean nothing may differ, the content may not.
      if let output = try? expand(damaged) { #expect(output == whole, "bit \(bit)") }
    }
  }

  @Test func damagedTapeArchivesAreFaults() throws {
    let tar = try expand(ArchiveSamples.results)
    // A space for a leading zero of the checksum, and what ends its digits, change no number.
    for byte in 0..<512 where ![148, 154, 155].contains(byte) {
      var damaged = tar
      damaged[byte] ^= 0x10
      #expect(throws: ArchiveFault.self, "byte \(byte)") { _ = try TarReader.files(damaged) }
    }
    for length in [0, 1, 511, 512, 700] {
      #expect(throws: ArchiveFault.self) { _ = try TarReader.files(Array(tar[..<length])) }
    }
  }

  @Test func whatIsNoArchiveOfResultsIsThePlatformsFault() {
    for bytes in [[], Array("<Error/>".utf8), ArchiveSamples.stored] as [[UInt8]] {
      let error = #expect(throws: OperationError.self) { try BatchArchive.read(bytes) }
      #expect(error?.code == .upstream)
    }
  }
}
