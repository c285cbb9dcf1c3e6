import Testing

@testable import Sandbox

@Suite struct FormTextTests {
  @Test(arguments: [
    ("a%20b", "a b"), ("a+b", "a b"), ("%C3%A9", "é"), ("%c3%a9", "é"), ("100%", "100%"), ("%zz", "%zz"),
    ("%+f", "% f"), ("%2", "%2"), ("%2B", "+"),
  ])
  func onlyTwoHexadecimalDigitsAreAnEscape(written: String, meant: String) {
    #expect(FormText.percentDecoded(written[...], plusIsSpace: true) == meant)
  }

  @Test func fieldWithoutAValueIsEmpty() {
    #expect(
      FormText.decode("a&b=&&c=1=2") == [NamedText("a", ""), NamedText("b", ""), NamedText("c", "1=2")])
  }
}
