import Ports
import Storage
import TestTools
import Testing
import Vault

internal import class Foundation.FileManager

@testable import Runtime

@Suite struct BlobLibraryTests {
  private struct Bench {
    let directory = ScratchDirectory()
    let clock = VirtualClock()
    let store: SQLiteStore
    let library: BlobLibrary
    var path: String { directory.file("blobs") }

    init(_ limits: BlobLibrary.Limits = BlobLibrary.Limits()) async throws {
      store = try await SQLiteStore.open(path: directory.file("patchbay.sqlite"))
      library = BlobLibrary(
        try BlobDirectory(directory.file("blobs")) { SHA256Stream() }, records: store, clock: clock,
        limits: limits)
    }

    func keep(_ text: String, as id: String) async throws -> StoredBlob {
      let writer = library.writer()
      try writer.write(Array(text.utf8))
      return try await library.keep(writer, for: .upload(id), tenant: "acme")
    }

    /// Every file below the directory.
    var files: [String] {
      (FileManager.default.enumerator(atPath: path)?.allObjects as? [String] ?? []).filter {
        $0.contains("/")
      }.sorted()
    }
  }

  /// Of `abc`, from FIPS 180-2.
  private static let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func blobIsAFileOfTheOwnersAloneNamedAfterItsDigest() async throws {
    let bench = try await Bench()
    let blob = try await bench.keep("abc", as: "upl_1")
    #expect(blob.sha256 == Self.digest && blob.size == 3)
    #expect(bench.files == ["ba/\(Self.digest)"])
    #expect(
      try BlobFile("\(bench.path)/ba/\(Self.digest)").read(at: 0, count: 10) == Array("abc".utf8))
    let mode = try FileManager.default.attributesOfItem(atPath: "\(bench.path)/ba/\(Self.digest)")[
      .posixPermissions]
    #expect(mode as? Int == 0o600)
    // The same again is the same file.
    _ = try await bench.keep("abc", as: "upl_2")
    #expect(bench.files.count == 1)
    await bench.store.close()
  }

  @Test func whatIsTooLargeOrGivenUpLeavesNothing() async throws {
    var limits = BlobLibrary.Limits()
    limits.blob = 4
    limits.tenant = 3
    let bench = try await Bench(limits)
    do {
      let writer = bench.library.writer()
      try writer.write([1, 2, 3, 4])
      #expect(throws: BlobError(.tooLarge, "it is larger than 4 bytes")) { try writer.write([5]) }
      await #expect(throws: BlobError.self) {
        _ = try await bench.library.keep(writer, for: .upload("upl_1"), tenant: "acme")
      }
      let abandoned = bench.library.writer()
      try abandoned.write([1])
    }
    #expect(try await bench.store.upload("upl_1", tenant: "acme") == nil)
    #expect(bench.files.filter { $0.hasPrefix("incoming") } == [])
    await bench.store.close()
  }

  @Test func sweepRemovesWhatNobodyHasNeededForADay() async throws {
    let bench = try await Bench()
    _ = try await bench.keep("abc", as: "upl_1")
    _ = try await bench.keep("other", as: "upl_2")
    #expect(try await bench.library.sweep() == 0)
    bench.clock.advance(by: .seconds(86_401))
    _ = try await bench.keep("abc", as: "upl_3")
    #expect(try await bench.library.sweep() == 1)
    #expect(bench.files == ["ba/\(Self.digest)"])
    await bench.store.close()
  }

  @Test func leftoversOfAKilledWriterGoAtTheNextStart() async throws {
    let bench = try await Bench()
    let writer = bench.library.writer()
    try writer.write([1])
    #expect(bench.files.count == 1)
    _ = try BlobDirectory(bench.path) { SHA256Stream() }
    #expect(bench.files.isEmpty)
    await bench.store.close()
  }

  @Test func arrivalAndRemovalOfTheSameBlobExcludeEachOther() {
    var busy = BusyBlobs()
    let arrivals = [busy.reserve("a"), busy.reserve("a")]
    busy.release("a")
    let early = busy.beginRemoval("a")
    busy.release("a")
    let removals = [busy.beginRemoval("a"), busy.reserve("a"), busy.beginRemoval("a")]
    busy.endRemoval("a")
    let late = busy.reserve("a")
    #expect(arrivals == [true, true] && !early && removals == [true, false, false] && late)
  }
}
