import ConnectorModel
import Manifest
import Testing

import struct FoundationEssentials.Decimal

@Suite struct YAMLScalarTests {
  private static func capability(_ source: String) throws -> JSONValue? {
    let reading = try ManifestFixtures.good(replacing: "formats: [campaign]", with: "formats: \(source)")
    return reading.manifest?.capabilities["formats"]
  }

  @Test(arguments: [
    "no", "yes", "on", "off", "n", "Y", "NO", "tRue", "1.0.0", "0b1", "1_000", "2027-06-30", "12:30:45",
  ])
  func wordsOfYAML11AreText(source: String) throws {
    #expect(try Self.capability(source) == .string(source))
  }

  @Test func coreSchemaValuesAreRead() throws {
    #expect(try Self.capability("true") == .bool(true))
    #expect(try Self.capability("False") == .bool(false))
    #expect(try Self.capability("~") == .null)
    #expect(try Self.capability("Null") == .null)
    #expect(try Self.capability("-12") == .integer(-12))
    #expect(try Self.capability("+12") == .integer(12))
    #expect(try Self.capability("0o17") == .integer(15))
    #expect(try Self.capability("0xff") == .integer(255))
    #expect(try Self.capability("007") == .integer(7))
    #expect(try Self.capability("1.5") == .decimal(1.5))
    #expect(try Self.capability(".5") == .decimal(0.5))
    #expect(try Self.capability("-01.50e1") == .integer(-15))
  }

  @Test(arguments: [
    "1e", "1e+", "+", ".", "0o8", "0xg", "0o", "-0x1", "1.2.3", "120s", "8MiB", "1/d", "٣", "..5",
  ])
  func whatOnlyBeginsLikeANumberIsText(source: String) throws {
    #expect(try Self.capability(source) == .string(source))
  }

  @Test func numbersAtTheEdgesAreRead() throws {
    #expect(try Self.capability("5.") == .integer(5))
    #expect(try Self.capability("1E3") == .integer(1000))
    #expect(try Self.capability("0xFf") == .integer(255))
    #expect(try Self.capability("9223372036854775807") == .integer(.max))
    #expect(try Self.capability("-.25") == .decimal(-0.25))
  }

  @Test(arguments: [".inf", "-.INF", "+.Inf", ".nan", ".NaN", "0o7777777777777777777777777"])
  func numbersThatJSONCannotHoldAreReported(source: String) throws {
    let reading = try ManifestFixtures.good(replacing: "formats: [campaign]", with: "formats: \(source)")
    #expect(reading.problems.contains { $0.code == .numberUnusable })
  }

  @Test(arguments: ["'true'", "\"12\"", "\"null\""]) func quotedScalarsAreText(source: String) throws {
    #expect(try Self.capability(source) == .string(String(source.dropFirst().dropLast())))
  }
}
