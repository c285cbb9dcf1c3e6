import ConnectorModel
import Testing

internal import struct FoundationEssentials.Data
internal import class FoundationEssentials.FileManager
internal import struct FoundationEssentials.URL

/// A group of cases about one schema, in the shape that the official JSON Schema test suite has.
struct SchemaFixture: Decodable, Sendable, CustomTestStringConvertible {
  struct Case: Decodable, Sendable {
    var description: String
    var data: JSONValue
    var valid: Bool
  }

  var description: String
  var schema: JSONValue
  var tests: [Case]

  var testDescription: String { description }

  static func read(_ path: String) throws -> [SchemaFixture] {
    let bytes = try #require(FileManager.default.contents(atPath: path), "no file at \(path)")
    return try StableJSON.decode([SchemaFixture].self, from: [UInt8](bytes))
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"

  static let all: [SchemaFixture] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().flatMap { (try? read(folder + "/" + $0)) ?? [] }
  }()
}
