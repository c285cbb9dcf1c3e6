package import ConnectorModel

/// A JSON Schema (draft 2020-12) of the keywords that manifests and connectors use.
///
/// Judged are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems`,
/// the `min…` and `max…` bounds, `uniqueItems`, `pattern`, `format` (date-time, date, uri, email, uuid), `allOf`,
/// `anyOf`, `oneOf`, `not` and local `$ref`. Any other keyword that is not a mere annotation, as `x-` keywords are, is refused, so that
/// no author relies on a check that does not happen.
package struct JSONSchema: Sendable, Equatable {
  /// Which keywords a document may use.
  package enum Vocabulary: Sendable {
    /// What actions, records and configurations are described with.
    case connector
    /// Besides, `patternProperties`, which the published schema of the manifest needs for `x-` keys.
    case manifest
  }

  let nodes: [SchemaNode]
  let root: Int

  /// Reads a schema.
  ///
  /// - Throws: every fault of the document at once: unknown keywords, wrong types, patterns that do not compile,
  ///   references that lead nowhere or in a circle.
  package init(parsing document: JSONValue, vocabulary: Vocabulary = .connector) throws(JSONSchemaError) {
    var parser = SchemaParser(vocabulary: vocabulary)
    root = parser.parse(document)
    nodes = try parser.finish()
  }

  /// Everything in which `value` differs from the schema, empty when it conforms.
  ///
  /// The work is bounded: a schema that branches without measure ends in a finding, not in a hang.
  package func validate(_ value: JSONValue) -> [JSONSchemaFinding] {
    var judge = SchemaJudge(nodes: nodes)
    return judge.findings(for: value, against: root)
  }
}
