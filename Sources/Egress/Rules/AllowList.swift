internal import ConnectorModel
internal import Manifest

/// Decides where a request may go: to a manifest's endpoints and nowhere else.
struct AllowList: Sendable {
  private let endpoints: [String: EndpointRules]
  private let known = KnownBases()

  /// - Parameter taken: lower-case names of headers that auth profiles fill in.
  init(endpoints: [String: Manifest.Endpoint], taken: Set<String> = [], limits: Limits = .standard) {
    self.endpoints = Dictionary(
      uniqueKeysWithValues: endpoints.map { name, endpoint in
        (name, EndpointRules(name, endpoint, taken: taken, limits: limits))
      })
  }

  /// Where `request` goes.
  ///
  /// - Throws: `permission`, naming the endpoint and the rule, when it may not; nothing is sent then.
  func destination(
    of request: HTTPRequest, variables: [String: String]
  ) throws(EgressError) -> Destination {
    let name = request.endpoint
    guard let rules = endpoints[name] else {
      throw .refused(endpoint: name, "the manifest has no endpoint of this name")
    }
    let endpoint = rules.endpoint
    guard endpoint.methods.contains(request.method) else {
      let allowed = endpoint.methods.joined(separator: ", ")
      throw .refused(endpoint: name, "method \(request.method.asShortLabel) is not among \(allowed)")
    }
    let bases = try knownBases(of: rules, variables)
    let isPath = request.url.utf8.first == .init(ascii: "/")
    let url: NormalizedURL
    do throws(URLRule) {
      url = try isPath ? bases[0].appending(request.url) : NormalizedURL.absolute(request.url)
    } catch {
      throw .refused(endpoint: name, error.rawValue)
    }
    guard
      let destination = Destination(
        url, under: isPath ? [bases[0]] : bases, of: rules, method: request.method)
    else {
      throw .refused(endpoint: name, "the URL is not under \(bases[0].text), the endpoint's base")
    }
    return destination
  }

  /// The endpoint that covers a redirect's target, the one it came from first, then by name; nil when none does.
  func destination(
    redirectedTo url: NormalizedURL, method: String, from name: String, variables: [String: String]
  ) -> Destination? {
    let others = endpoints.keys.filter { $0 != name }.sorted()
    for candidate in [name] + others {
      guard let rules = endpoints[candidate], rules.endpoint.methods.contains(method),
        let bases = try? knownBases(of: rules, variables),
        let destination = Destination(url, under: bases, of: rules, method: method)
      else { continue }
      return destination
    }
    return nil
  }

  /// Schemes, hosts and ports of all bases that are known with these variables.
  func origins(_ variables: [String: String]) -> Set<String> {
    Set(
      endpoints.values.flatMap { rules in
        ((try? knownBases(of: rules, variables)) ?? []).map(\.origin)
      })
  }

  /// The endpoint's bases whose variables are all known, in the manifest's order; at least one.
  private func knownBases(
    of rules: EndpointRules, _ variables: [String: String]
  ) throws(EgressError) -> [NormalizedURL] {
    let (name, endpoint) = (rules.name, rules.endpoint)
    let place = KnownBases.Place(endpoint: name, variables: variables)
    if let bases = known[place] { return bases }
    var missing: Set<String> = []
    var bases: [NormalizedURL] = []
    for text in endpoint.bases {
      let template = BaseTemplate(text)
      let unknown = template.variables.filter { variables[$0] == nil }
      guard unknown.isEmpty else {
        missing.formUnion(unknown)
        continue
      }
      bases.append(try template.fill(variables, patterns: endpoint.variables, endpoint: name))
    }
    guard bases.isEmpty else {
      known[place] = bases
      return bases
    }
    let names = missing.sorted().map { "`\($0)`" }.joined(separator: ", ")
    throw EgressError(
      .invalidState,
      "endpoint `\(name)` cannot be reached: the connection has no value for \(names); connect the account again"
    )
  }
}
