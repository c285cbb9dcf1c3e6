import ConnectorModel
import Manifest
import Testing

@Suite struct JSONPathTests {
  private static func value(_ text: String) throws -> JSONValue {
    try StableJSON.decode(JSONValue.self, from: Array(text.utf8))
  }

  @Test(arguments: [
    "$", "$.a", "$.a-b", "$['a b']", "$[0]", "$[*]", "$.data[*].access_token", "$['a.b']['c]d'][12]", "$['']",
  ])
  func everyFormIsReadAndPrintedAgain(text: String) throws {
    let path = try JSONPath(parsing: text)
    #expect(try JSONPath(parsing: path.description) == path)
  }

  @Test(arguments: [
    "", "a", ".a", "$a", "$.", "$..a", "$.*", "$[", "$[]", "$[-1]", "$[a]", "$[\"a\"]", "$['a", "$['a'",
    "$[0:1]", "$[?(@.a)]", "$.a b", " $", "$[99999999999999999999]",
  ])
  func anythingElseIsRefused(text: String) {
    #expect(throws: ManifestError.self) { try JSONPath(parsing: text) }
  }

  @Test func valuesAreFoundInOrder() throws {
    let value = try Self.value(
      #"{"data":[{"id":"1","t":"a"},{"id":"2"},{"id":"3","t":"c"}],"x":{"b":2,"a":1}}"#)
    #expect(try JSONPath(parsing: "$.data[*].t").evaluate(in: value) == [.string("a"), .string("c")])
    #expect(try JSONPath(parsing: "$.data[1].id").evaluate(in: value) == [.string("2")])
    #expect(try JSONPath(parsing: "$.x[*]").evaluate(in: value) == [.integer(1), .integer(2)])
    #expect(try JSONPath(parsing: "$.data[9]").evaluate(in: value) == [])
    #expect(try JSONPath(parsing: "$.x.b.c").evaluate(in: value) == [])
    #expect(try JSONPath(parsing: "$").evaluate(in: value) == [value])
  }

  @Test func secretsAreReplacedWithWhatTheirHolderNamesThem() throws {
    var value = try Self.value(
      #"{"data":[{"id":"1","access_token":"a"},{"id":"2"},{"id":"3","access_token":"c"}]}"#)
    let key = try JSONPath(parsing: "$.id")
    try JSONPath(parsing: "$.data[*].access_token").replace(in: &value) { matched, holder in
      guard matched.text != nil, let id = key.evaluate(in: holder).first?.text else { return nil }
      return .string("pbh_\(id)")
    }
    #expect(
      value
        == (try Self.value(
          #"{"data":[{"id":"1","access_token":"pbh_1"},{"id":"2"},{"id":"3","access_token":"pbh_3"}]}"#)))
  }

  @Test func nilLeavesAValueAndAnAbsentPathChangesNothing() throws {
    let before = try Self.value(#"{"a":[1,2]}"#)
    var value = before
    try JSONPath(parsing: "$.a[*]").replace(in: &value) { _, _ in nil }
    try JSONPath(parsing: "$.b[0].c").replace(in: &value) { _, _ in .null }
    #expect(value == before)
    try JSONPath(parsing: "$.a[1]").replace(in: &value) { _, holder in holder }
    #expect(value == (try Self.value(#"{"a":[1,[1,2]]}"#)))
  }
}
