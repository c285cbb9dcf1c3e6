/// One method on one resource under `/3.0`.
struct MailchimpRoute: Sendable {
  typealias Handler = @Sendable (inout Mailchimp, MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer

  let method: String
  /// The path's segments; `{name}` stands for any one.
  let pattern: [String]
  let handle: Handler

  init(_ method: String, _ path: String, _ handle: @escaping Handler) {
    self.method = method
    pattern = path.split(separator: "/").map(String.init)
    self.handle = handle
  }

  /// The parameters, or nil where the path is another one.
  func parameters(of segments: [String]) -> [String: String]? {
    guard segments.count == pattern.count else { return nil }
    var parameters: [String: String] = [:]
    for (part, segment) in zip(pattern, segments) {
      if part.hasPrefix("{") {
        parameters[String(part.dropFirst().dropLast())] = segment
      } else if part != segment {
        return nil
      }
    }
    return parameters
  }

  /// The route and what its parameters stand for.
  ///
  /// - Throws: not found, or not allowed with the methods there are.
  static func find(
    _ method: String, _ segments: [String]
  ) throws(MailchimpProblem) -> (route: MailchimpRoute, parameters: [String: String]) {
    let matches = all.compactMap { route in route.parameters(of: segments).map { (route, $0) } }
    guard !matches.isEmpty else { throw .notFound }
    guard let match = matches.first(where: { $0.0.method == method }) else {
      throw .notAllowed(
        "The requested method and resource are not compatible. See the Allow header for this resource's "
          + "available methods.", allow: matches.map(\.0.method).joined(separator: ", "))
    }
    return match
  }

  /// Every route; what is not here is 404.
  static let all: [MailchimpRoute] =
    [
      MailchimpRoute("GET", "/") { (api, call) throws(MailchimpProblem) in api.root(call) },
      MailchimpRoute("GET", "/ping") { (api, call) throws(MailchimpProblem) in api.ping(call) },
    ] + audiences + members + segments + campaigns + library + reports + batches
}
