import ConnectorModel
import FoundationEssentials
import Testing

@Suite struct JSONValueTests {
  private func roundTrip(_ text: String) throws -> String {
    String(
      decoding: try StableJSON.encode(try StableJSON.decode(JSONValue.self, from: Array(text.utf8))),
      as: UTF8.self)
  }

  @Test(arguments: [
    "9223372036854775807", "-9223372036854775808", "18446744073709551615", "0.1", "7123456789012345678",
    "1234567890.123456789", "true", "null", #""text/with/slashes""#, "[1,[2,{}]]", #"{"a":1,"b":{"c":null}}"#,
  ])
  func valuesKeepEveryDigit(text: String) throws {
    #expect(try roundTrip(text) == text)
  }

  @Test func keysAreSorted() throws {
    #expect(try roundTrip(#"{"b":1,"a":2,"C":3}"#) == #"{"C":3,"a":2,"b":1}"#)
  }

  @Test func accessorsAnswerNilForOtherKinds() {
    let value: JSONValue = ["name": "Ada", "list": [1, 2]]
    #expect(value["name"]?.text == "Ada")
    #expect(value["list"]?.elements?.count == 2)
    #expect(value["name"]?.elements == nil)
    #expect(value["missing"] == .none)
    #expect(JSONValue.integer(1)["x"] == .none)
  }

  @Test(arguments: ["", "{", "[1 2]", "nul", "\u{FEFF}", "{\"a\" 1}"])
  func brokenTextIsRefused(text: String) {
    #expect(throws: (any Error).self) { try StableJSON.decode(JSONValue.self, from: Array(text.utf8)) }
  }
}
