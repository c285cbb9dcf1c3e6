import ConnectorModel
import JSONSchema
import Testing

internal import class FoundationEssentials.FileManager
internal import class FoundationEssentials.ProcessInfo

private let officialSuite = ProcessInfo.processInfo.environment["PATCHBAY_JSON_SCHEMA_SUITE"]

/// The official suite's cases for the keywords that this module judges.
///
/// Set `PATCHBAY_JSON_SCHEMA_SUITE` to the folder `tests/draft2020-12` of the suite; the source package of
/// Python's jsonschema carries it.
@Suite(.enabled(if: officialSuite != nil, "PATCHBAY_JSON_SCHEMA_SUITE names no folder"))
struct OfficialSuiteTests {
  static let files = [
    "additionalProperties", "allOf", "anyOf", "boolean_schema", "const", "default", "enum",
    "exclusiveMaximum",
    "exclusiveMinimum", "infinite-loop-detection", "items", "maxItems", "maxLength", "maxProperties",
    "maximum",
    "minItems", "minLength", "minProperties", "minimum", "not", "oneOf", "pattern", "patternProperties",
    "prefixItems", "properties", "ref", "required", "type", "uniqueItems", "optional/bignum",
    "optional/ecmascript-regex", "optional/non-bmp-regex", "optional/format/date-time",
    "optional/format/date",
    "optional/format/email", "optional/format/uri", "optional/format/uuid",
  ]

  /// Swift's `\s` does not count the byte order mark as white space, ECMAScript's does.
  static let knownDifferences = [
    "zero-width whitespace matches", "zero-width whitespace does not match",
  ]

  @Test(arguments: files) func casesOfTheSupportedKeywordsGetTheirVerdict(file: String) throws {
    let path = try #require(officialSuite) + "/" + file + ".json"
    var judged = 0
    for fixture in try SchemaFixture.read(path) {
      // A group with a keyword that is refused on purpose is not ours to judge.
      guard let schema = try? JSONSchema(parsing: fixture.schema, vocabulary: .manifest) else { continue }
      for test in fixture.tests where !Self.knownDifferences.contains(test.description) {
        judged += 1
        let findings = schema.validate(test.data)
        #expect(findings.isEmpty == test.valid, "\(file): \(fixture.description): \(test.description)")
      }
    }
    #expect(judged > 0)
  }
}
