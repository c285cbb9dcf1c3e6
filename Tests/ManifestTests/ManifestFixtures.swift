import Manifest
import Testing

internal import class FoundationEssentials.FileManager
internal import struct FoundationEssentials.URL

/// Where the fixtures are and how they are read.
enum ManifestFixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"
  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let today = CalendarDate(secondsSince1970: 1_795_392_000)

  static func text(_ path: String) throws -> String {
    let bytes = try #require(FileManager.default.contents(atPath: path), "no file at \(path)")
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads `text` as if it stood beside the good manifest.
  static func read(_ text: String) -> ManifestReading { read(Array(text.utf8)) }

  static func read(_ bytes: [UInt8]) -> ManifestReading {
    ManifestReader.read(bytes, file: "test.yaml", folder: folder + "/good", today: today)
  }

  /// The good manifest with one piece of its text replaced.
  static func good(replacing piece: String, with other: String) throws -> ManifestReading {
    let text = try text(folder + "/good/full.yaml")
    try #require(text.contains(piece), "the good manifest does not hold \(piece)")
    return read(text.replacing(piece, with: other, maxReplacements: 1))
  }
}
