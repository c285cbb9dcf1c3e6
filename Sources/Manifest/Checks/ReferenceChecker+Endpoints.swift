extension ReferenceChecker {
  mutating func checkEndpoints() {
    let endpoints = root["endpoints"]?.entries ?? []
    let buckets = root["limits"]?["buckets"]?.entries.map(\.key) ?? []
    for endpoint in endpoints {
      let trail = KeyTrail().key("endpoints").key(endpoint.key)
      let node = endpoint.value
      checkVariables(of: node, trail)
      requireEach(of: node["auth"], among: names("auth") + ["none"], "auth profile", trail.key("auth"))
      requireEach(of: node["buckets"], among: buckets, "bucket", trail.key("buckets"))
      checkRoutes(of: node, "idempotent", trail)
      checkRoutes(of: node, "reads", trail)
      checkCaptures(of: node, trail)
      checkHeaders(of: node, trail)
      if case .mapping = node.content, node["auth"]?.elements.isEmpty ?? true {
        log.report(
          .unusedEndpoint, at: endpoint.mark, trail, "no request can use this endpoint",
          advice: "list the auth profiles it takes, or none")
      }
    }
    let request = KeyTrail().key("identity").key("request").key("endpoint")
    require(root["identity"]?["request"]?["endpoint"], among: endpoints.map(\.key), "endpoint", request)
  }

  private mutating func checkVariables(of endpoint: YAMLNode, _ trail: KeyTrail) {
    guard let base = endpoint["base"] else { return }
    let declared = endpoint["vars"]?.entries.map(\.key) ?? []
    let derived = derivedVariables()
    let isList = base.text == nil
    for (index, node) in (isList ? base.elements : [base]).enumerated() {
      let place = isList ? trail.key("base").index(index) : trail.key("base")
      guard let text = node.text, let template = try? BaseURLTemplate(parsing: text) else { continue }
      for variable in template.variables where !declared.contains(variable) {
        if template.host.contains("{\(variable)}") {
          log.report(
            .undeclaredVariable, at: node.mark, place,
            "{\(variable)} stands in the host, and no pattern bounds it",
            advice: "add vars: {\(variable): {pattern: …}}",
            suggestion: NearestWord.nearest(to: variable, among: declared))
        } else if !derived.contains(variable) {
          log.report(
            .undeclaredVariable, at: node.mark, place, "nothing sets {\(variable)}",
            advice: "declare it under vars, or derive or take it in an auth profile",
            suggestion: NearestWord.nearest(to: variable, among: declared + derived))
        }
      }
      if !template.hasFixedDomain {
        log.report(
          .openHost, at: node.mark, place, "a variable stands in the host's last two labels",
          advice: "write the domain out, so that no value leads to a stranger's host")
      }
    }
    checkPatterns(of: endpoint, trail)
  }

  /// Variables that some auth profile sets when an account is connected.
  private func derivedVariables() -> [String] {
    alternatives().flatMap { alternative in
      [alternative.node["derive"], alternative.node["after"]?["take"]].flatMap {
        $0?.entries.map(\.key) ?? []
      }
    }
  }

  private mutating func checkPatterns(of endpoint: YAMLNode, _ trail: KeyTrail) {
    // Values that would leave their place in a URL; a pattern that lets one pass bounds nothing.
    let intruders = ["a/b", "a@b", "a:1", "a?b", "a#b", "a\\b", "a%2fb", "a b", "..", ""]
    for variable in endpoint["vars"]?.entries ?? [] {
      guard let node = variable.value["pattern"], let pattern = node.text, let regex = try? Regex(pattern),
        let intruder = intruders.first(where: { (try? regex.wholeMatch(in: $0)) != nil })
      else { continue }
      log.report(
        .loosePattern, at: node.mark, trail.key("vars").key(variable.key).key("pattern"),
        "the pattern lets \"\(intruder)\" pass, which would change the URL around it",
        advice: "allow letters, digits and hyphens only, such as [a-z0-9-]+")
    }
  }

  private mutating func checkRoutes(of endpoint: YAMLNode, _ key: String, _ trail: KeyTrail) {
    let methods = endpoint["methods"]?.elements.compactMap(\.text) ?? []
    for (index, node) in (endpoint[key]?.elements ?? []).enumerated() {
      guard let text = node.text, let route = try? Manifest.RoutePattern(parsing: text),
        let method = route.method, !methods.contains(method)
      else { continue }
      log.report(
        .unreachableRoute, at: node.mark, trail.key(key).index(index),
        "the endpoint does not allow \(method)",
        advice: "add it to methods, or remove the route")
    }
  }

  /// Headers that frame a message, choose its receiver or carry a credential.
  private static let headersOfTheHost: Set<String> = [
    "host", "authorization", "proxy-authorization", "cookie", "content-length", "transfer-encoding",
    "connection", "keep-alive", "te", "trailer", "upgrade", "expect", "idempotency-key", "accept-encoding",
  ]

  private mutating func checkHeaders(of endpoint: YAMLNode, _ trail: KeyTrail) {
    let fixed = (endpoint["headers"]?.entries ?? []).map {
      (name: $0.key, mark: $0.mark, trail: trail.key("headers").key($0.key))
    }
    let version = endpoint["version_header"].flatMap { node in
      node.text.map { (name: $0, mark: node.mark, trail: trail.key("version_header")) }
    }
    var seen: Set<String> = []
    for header in fixed + [version].compactMap(\.self) {
      let name = header.name.lowercased()
      if Self.headersOfTheHost.contains(name) {
        log.report(
          .invalidName, at: header.mark, header.trail, "the host itself sets \(header.name)",
          advice: "remove it; credentials belong into an auth profile")
      } else if !seen.insert(name).inserted {
        log.report(
          .repeatedElement, at: header.mark, header.trail, "\(header.name) is set twice",
          advice: "keep one of them; case makes no difference")
      }
    }
  }

  private mutating func checkCaptures(of endpoint: YAMLNode, _ trail: KeyTrail) {
    let captured = alternatives().filter { $0.node["kind"]?.text == "captured" }.map(\.profile)
    for (index, capture) in (endpoint["capture"]?.elements ?? []).enumerated() {
      require(
        capture["as"], among: captured, "auth profile of kind captured called",
        trail.key("capture").index(index).key("as"))
    }
  }
}
