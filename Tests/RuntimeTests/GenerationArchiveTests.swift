import Foundation
import Manifest
import TestTools
import Testing

@testable import Runtime

struct GenerationArchiveTests {
  private static let manifests = ServiceBench.checkout.appending(path: "manifests")
  private static let today = CalendarDate(secondsSince1970: 0)
  private let place = ScratchDirectory()

  private func manifest() throws -> Manifest {
    let path = Self.manifests.appending(path: "mailchimp.yaml").path
    return try #require(ManifestDirectory.read([path], today: Self.today).first?.manifest)
  }

  /// An archive with copies of two libraries, one of them with its manifest.
  private func archive() throws -> GenerationArchive {
    let libraries = URL(filePath: place.file("libraries"))
    try FileManager.default.createDirectory(at: libraries, withIntermediateDirectories: true)
    for name in ["aa-1.so", "bb-1.so"] {
      try Data("library".utf8).write(to: libraries.appending(path: name))
    }
    let archive = GenerationArchive(state: place.file(""))
    try archive.keep(try manifest(), sha256: "aa")
    return archive
  }

  @Test func keptManifestLeadsToTheCopyOfTheLibrary() throws {
    let archive = try archive()
    let kept = try #require(archive.manifest(of: "aa", today: Self.today))
    #expect(kept.library.files["any"]?.path.hasSuffix("/libraries/aa-1.so") == true)
    #expect(kept.actions.keys == (try manifest()).actions.keys)
    #expect(try ActionSchemas(of: kept) == ActionSchemas(of: try manifest()))
    #expect(archive.manifest(of: "bb", today: Self.today) == nil)
  }

  @Test func sweepLeavesWhatIsNeededAndWhatIsYoung() throws {
    let archive = try archive()
    let now = Date.now.timeIntervalSince1970
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: place.file("libraries")).sorted()
    }
    archive.sweep(keeping: [], now: now)
    #expect(try names() == ["aa-1.so", "aa.manifest", "bb-1.so"])
    archive.sweep(keeping: ["aa"], now: now + 7200)
    #expect(try names() == ["aa-1.so", "aa.manifest"])
    archive.sweep(keeping: [], now: now + 7200)
    #expect(try names().isEmpty)
  }
}
