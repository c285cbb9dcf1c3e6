internal import ConnectorModel

extension ManifestBuilder {
  func endpoint(_ cursor: NodeCursor, api: Manifest.API) throws(Gap) -> Manifest.Endpoint {
    let base = try cursor.at("base").node.text
    let auth = try cursor.texts("auth")
    var headers = try cursor.optional("headers")?.pairs() ?? []
    if let name = try cursor.optionalText("version_header") { headers.append((name, api.version)) }
    return Manifest.Endpoint(
      bases: base == nil ? try cursor.texts("base") : [base].compactMap(\.self),
      variables: try cursor.map("vars") { inner throws(Gap) in try inner.text("pattern") },
      methods: try cursor.texts("methods"),
      auth: auth.filter { $0 != "none" },
      allowsAnonymous: auth.contains("none"),
      idempotent: try routes(cursor, "idempotent"),
      reads: try routes(cursor, "reads"),
      capture: try cursor.list("capture").mapGap { inner throws(Gap) in
        Manifest.Capture(
          path: try inner.path("path"), profile: try inner.text("as"), key: try inner.optionalPath("key"),
          keep: try inner.flag("keep") ?? false)
      },
      headers: headers.map { HeaderField($0.0, $0.1) },
      buckets: try cursor.texts("buckets"))
  }

  private func routes(_ cursor: NodeCursor, _ key: String) throws(Gap) -> [Manifest.RoutePattern] {
    try cursor.list(key).mapGap { element throws(Gap) in
      guard let route = try? Manifest.RoutePattern(parsing: element.asText()) else { throw element.gap() }
      return route
    }
  }

  func limits(_ cursor: NodeCursor?) throws(Gap) -> Limits {
    var limits = Limits.standard
    guard let cursor else { return limits }
    limits.buckets = try cursor.map("buckets") { inner throws(Gap) in try bucket(inner) }
    if let defaults = cursor.optional("defaults") {
      limits.defaultBuckets = try defaults.texts("bucket")
      limits.timeout = try defaults.duration("timeout") ?? limits.timeout
      limits.maximumResponse = try defaults.size("response") ?? limits.maximumResponse
    }
    if let operation = cursor.optional("operation") {
      let standard = Limits.OperationLimits.standard
      limits.operation = Limits.OperationLimits(
        turn: try operation.duration("turn") ?? standard.turn,
        effects: try operation.optionalInteger("effects") ?? standard.effects,
        parallel: try operation.optionalInteger("parallel") ?? standard.parallel,
        deadline: try operation.duration("deadline") ?? standard.deadline,
        park: try operation.duration("park") ?? standard.park)
    }
    return limits
  }

  /// One line of `errors:`; a list of statuses or values makes a rule for each combination.
  func errorRules(_ cursor: NodeCursor) throws(Gap) -> [ErrorRule] {
    let when = try cursor.at("when")
    guard let then = OutcomeCode(name: try cursor.text("then")) else { throw cursor.gap("then") }
    let needsEmptyBody = when.node["body"]?.text == ErrorRule.emptyBody
    var rules = try statuses(when).map {
      ErrorRule(status: $0, needsEmptyBody: needsEmptyBody, then: then)
    }
    for entry in when.node["body"]?.entries ?? [] {
      guard let path = try? JSONPath(parsing: entry.key) else { throw when.gap("body") }
      let elements = entry.value.elements
      let values = elements.isEmpty ? [entry.value.json] : elements.map(\.json)
      rules = rules.flatMap { rule in
        values.map { value in
          var longer = rule
          longer.body.append((path: path, equals: value))
          return longer
        }
      }
    }
    return rules
  }

  private func statuses(_ when: NodeCursor) throws(Gap) -> [Int?] {
    guard let node = when.node["status"] else { return [nil] }
    guard node.elements.isEmpty else {
      return try when.list("status").mapGap { element throws(Gap) in try element.asInteger() }
    }
    return [try when.integer("status")]
  }

  func errorFields(_ cursor: NodeCursor?) throws(Gap) -> ErrorFields {
    guard let cursor else { return ErrorFields() }
    return ErrorFields(
      code: try cursor.optionalPath("code"), message: try cursor.optionalPath("message"),
      requestID: try cursor.optionalText("request_id"))
  }
}
