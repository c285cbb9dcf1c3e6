import ConnectorModel
import FoundationEssentials
import Testing

@Suite struct JSONReaderTests {
  private func read(_ text: String) throws -> JSONValue {
    try StableJSON.decode(JSONValue.self, from: Array(text.utf8))
  }

  /// What `JSONDecoder` makes of the same text.
  private func decoded(_ text: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  @Test(arguments: [
    "0", "-0", "-0.0", "1.0", "1e2", "100e-2", "1.50", "-1.5", "0.1e1", "1E+5", "9223372036854775807",
    "-9223372036854775808", "9223372036854775808", "1e18", "1e19", "1e100", "1e-100", "1e120", "1e-120",
    "12345678901234567890123456789012345678901234567890", "123456789012345678901234567890.5", "0.000001",
    #""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é""#, #"{"b":[1,{"c":null}],"a":true}"#, " [ ] ", "{ }",
    "\u{FEFF}[1]",
    #""e\u0301\u0000""#,
  ])
  func ordinaryTextReadsAsTheDecoderReadsIt(_ text: String) throws {
    #expect(try read(text) == decoded(text))
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,]", "{\"a\":1,}", "{a:1}", "01", "-", "+1", "1.", ".5", "1e", "1e+", "nul",
    "truex",
    "[1]x", #""\x""#, #""\u12""#, #""\u+123""#, #""\ud83d""#, #""\ud83dx""#, #""\ude00""#, "\"a\nb\"", "\"",
    "\"\\", #""\u"#, "1e9999", "NaN", "'a'", "[1 2]", #"{"a" 1}"#,
  ])
  func brokenTextIsRefused(_ text: String) {
    #expect(throws: DecodingError.self) { try read(text) }
  }

  @Test(arguments: [#"{"a":1,"a":2}"#, #"[{"a":{"b":1,"\u0062":1}}]"#])
  func aMemberNamedTwiceIsRefused(_ text: String) {
    #expect(throws: DecodingError.self) { try read(text) }
  }

  @Test func bytesThatAreNoUTF8AreRefused() {
    #expect(throws: DecodingError.self) { try StableJSON.decode(JSONValue.self, from: [0x22, 0xff, 0x22]) }
    #expect(throws: DecodingError.self) { try StableJSON.decode(JSONValue.self, from: [0x31, 0x00]) }
  }

  @Test func nestingHasABound() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try read(nested(512))
    #expect(throws: DecodingError.self) { try read(nested(513)) }
    #expect(throws: DecodingError.self) { try read(String(repeating: #"{"a":["#, count: 100_000)) }
  }

  @Test(.timeLimit(.minutes(10))) func manyValuesFarDownAreReadInTime() throws {
    let wide = String(repeating: "[],", count: 100_000) + "1"
    let text = String(repeating: #"[{"a":"#, count: 200) + "[\(wide)]" + String(repeating: "}]", count: 200)
    _ = try read(text)
  }
}
