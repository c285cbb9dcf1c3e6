import Testing

@testable import PluginLoader

struct JSONSyntaxTests {
  @Test(arguments: [
    "{}", "[]", "null", "true", " false ", "0", "-0", "12.5e-3", "1E+2", "\"\"", #""a\"\\\/\b\f\n\r\té😀""#,
    #"{"a":[1,{"b":null}],"":0}"#, "[ 1 , 2 ]\n",
  ])
  func oneValueIsAccepted(text: String) { #expect(JSONSyntax.isValid(Array(text.utf8))) }

  @Test(arguments: [
    "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\"}", "01", "1.", ".5", "+1", "1e", "-", "nul", "truex",
    "\"", "\"\n\"", #""\x""#, #""\u12G4""#, #""\u123"#, "1 2", "{}{}", "NaN", "'a'", "// c\n1",
  ])
  func anythingElseIsRefused(text: String) { #expect(!JSONSyntax.isValid(Array(text.utf8))) }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(!JSONSyntax.isValid([0x22, 0xFF, 0x22]))
    #expect(!JSONSyntax.isValid([0x22, 0xED, 0xA0, 0x80, 0x22]))
  }

  @Test func depthIsBounded() {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(JSONSyntax.isValid(nested(512)))
    #expect(!JSONSyntax.isValid(nested(513)))
    #expect(!JSONSyntax.isValid(nested(1_000_000)))
  }
}
