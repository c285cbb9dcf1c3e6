import ConnectorModel
import JSONSchema
import Testing

@Suite struct JSONSchemaTests {
  static let refused: [(String, String)] = [
    (##"{"dependentRequired":{}}"##, "/dependentRequired"),
    (##"{"properties":{"a":{"if":true}}}"##, "/properties/a/if"),
    (##"{"$anchor":"x"}"##, "/$anchor"),
    (##"{"patternProperties":{"^x-":true}}"##, "/patternProperties"),
    (##"{"type":"text"}"##, "/type"),
    (##"{"type":[]}"##, "/type"),
    (##"{"format":"hostname"}"##, "/format"),
    (##"{"pattern":"["}"##, "/pattern"),
    (##"{"minLength":-1}"##, "/minLength"),
    (##"{"minimum":"1"}"##, "/minimum"),
    (##"{"required":"a"}"##, "/required"),
    (##"{"enum":[]}"##, "/enum"),
    (##"{"uniqueItems":1}"##, "/uniqueItems"),
    (##"{"allOf":[]}"##, "/allOf"),
    (##"{"items":[{}]}"##, "/items"),
    (##"{"properties":[]}"##, "/properties"),
    (##"{"$ref":"#/$defs/none"}"##, "/$ref"),
    (##"{"$ref":"https://example.com/s.json"}"##, "/$ref"),
    (##"[]"##, ""),
    (##"{"$ref":"#"}"##, ""),
    (##"{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}}}"##, "/$defs/a"),
  ]

  @Test(arguments: SchemaFixture.all) func fixtureGetsItsVerdict(_ fixture: SchemaFixture) throws {
    let schema = try JSONSchema(parsing: fixture.schema)
    for test in fixture.tests {
      let findings = schema.validate(test.data)
      #expect(findings.isEmpty == test.valid, "\(fixture.description): \(test.description): \(findings)")
    }
  }

  @Test func keywordsOfOthersAreAnnotations() throws {
    let schema = try JSONSchema(parsing: ["maxLength": 1, "x-counts": "bytes"])
    #expect(schema.validate("é").isEmpty)
  }

  @Test func fixturesAreFound() {
    #expect(SchemaFixture.all.count > 40)
  }

  @Test(arguments: Self.refused)
  func faultIsNamedWithItsPlace(text: String, pointer: String) throws {
    let document = try StableJSON.decode(JSONValue.self, from: Array(text.utf8))
    let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(parsing: document) }
    #expect(error?.faults.map(\.pointer).contains(pointer) == true, "\(String(describing: error))")
  }

  @Test func everyFaultIsReportedAtOnce() throws {
    let document = try StableJSON.decode(
      JSONValue.self, from: Array(##"{"type":"x","foo":1,"items":{"bar":1,"$ref":"#/nowhere"}}"##.utf8))
    let error = #expect(throws: JSONSchemaError.self) { try JSONSchema(parsing: document) }
    #expect(error?.faults.map(\.pointer).sorted() == ["/foo", "/items/$ref", "/items/bar", "/type"])
  }

  @Test func annotationsAreAllowedAndIgnored() throws {
    let text = #"""
      {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"x","title":"t","description":"d",
       "default":1,"examples":[1],"$comment":"c","deprecated":true}
      """#
    let schema = try JSONSchema(parsing: StableJSON.decode(JSONValue.self, from: Array(text.utf8)))
    #expect(schema.validate(.string("anything")).isEmpty)
  }

  @Test func schemaThatBranchesWithoutMeasureEndsInAFinding() throws {
    var definitions: [String: JSONValue] = ["d0": .object(["type": .string("integer")])]
    for level in 1...40 {
      let below = JSONValue.object(["$ref": .string("#/$defs/d\(level - 1)")])
      definitions["d\(level)"] = .object(["allOf": .array([below, below])])
    }
    let document = JSONValue.object(["$defs": .object(definitions), "$ref": .string("#/$defs/d40")])
    let findings = try JSONSchema(parsing: document).validate(.integer(1))
    #expect(findings.map(\.keyword) == ["$ref"])
  }

  @Test func dollarMeansTheVeryEndAsInECMAScript() throws {
    let schema = try JSONSchema(parsing: .object(["pattern": .string("^us[0-9]+$")]))
    #expect(schema.validate(.string("us19")).isEmpty)
    #expect(schema.validate(.string("us19\n")).map(\.keyword) == ["pattern"])
  }

  @Test func findingsPointIntoTheValue() throws {
    let text = ##"{"properties":{"a/b":{"items":{"required":["id"],"additionalProperties":false}}}}"##
    let schema = try JSONSchema(parsing: StableJSON.decode(JSONValue.self, from: Array(text.utf8)))
    let value = JSONValue.object(["a/b": .array([.object(["x": .null])])])
    #expect(
      schema.validate(value) == [
        JSONSchemaFinding(pointer: "/a~1b/0", keyword: "required", message: "lacks the member \"id\""),
        JSONSchemaFinding(
          pointer: "/a~1b/0/x", keyword: "additionalProperties", message: "is not a member known here"),
      ])
  }
}
