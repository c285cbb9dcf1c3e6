import ConnectorModel
import Testing

@testable import patchbay

@Suite struct CSVTextTests {
  @Test func cellsAreQuotedWhereTheyMust() {
    let text = CSVText.text(
      ["a", "b,c"],
      [["plain", "two \"words\""], [.null, "line\nbreak"], [.integer(-3), .bool(true)], [["x": 1], "e"]])
    #expect(
      text
        == "a,\"b,c\"\r\nplain,\"two \"\"words\"\"\"\r\n,\"line\nbreak\"\r\n-3,yes\r\n\"{\"\"x\"\":1}\",e\r\n"
    )
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@a"]) func textIsNoFormula(_ text: String) {
    #expect(CSVText.text(["a"], [[.string(text)]]) == "a\r\n'\(text)\r\n")
  }
}
