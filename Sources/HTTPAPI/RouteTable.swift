internal import ConnectorModel

/// Finds the route of a request.
struct RouteTable: Sendable {
  enum Match: Sendable {
    case route(Route, parameters: [String: String])
    /// The path is there, under these methods.
    case otherMethods([String])
    case none
  }

  let routes: [Route]
  private let bySegmentCount: [Int: [(segments: [Route.Segment], route: Route)]]

  init(_ routes: [Route]) {
    self.routes = routes
    // Where two templates fit, the one with a literal at the first difference is meant.
    let known = routes.map { (segments: $0.segments, route: $0) }
      .sorted { $0.segments.lexicographicallyPrecedes($1.segments) { $0.rank < $1.rank } }
    bySegmentCount = Dictionary(grouping: known) { $0.segments.count }
  }

  /// The first template that fits is meant, whatever its methods; `HEAD` finds the route of `GET`.
  func match(_ method: String, _ path: [String]) -> Match {
    var methods: [String] = []
    var template: String?
    for (segments, route) in bySegmentCount[path.count] ?? [] {
      guard let parameters = Self.parameters(of: path, in: segments) else { continue }
      guard template == nil || template == route.template else { break }
      template = route.template
      if route.method.rawValue == (method == "HEAD" ? "GET" : method) {
        return .route(route, parameters: parameters)
      }
      methods.append(route.method.rawValue)
    }
    if methods.contains("GET") { methods.append("HEAD") }
    return methods.isEmpty ? .none : .otherMethods(Set(methods).sorted())
  }

  private static func parameters(of path: [String], in segments: [Route.Segment]) -> [String: String]? {
    var parameters: [String: String] = [:]
    for (text, segment) in zip(path, segments) {
      switch segment {
      case .literal(let literal): if text != literal { return nil }
      case .parameter(let name):
        if text.isEmpty { return nil }
        parameters[name] = text
      }
    }
    return parameters
  }
}

extension Route.Segment {
  fileprivate var rank: Int {
    switch self {
    case .literal: 0
    case .parameter: 1
    }
  }
}

extension RouteTable {
  /// The whole API.
  static let all = RouteTable(
    Route.connections + Route.syncs + Route.jobs + Route.uploads + Route.posts + Route.deadLetters
      + Route.connectors + Route.limits + Route.host
      + Route.open)
}
