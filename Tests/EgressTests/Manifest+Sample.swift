import ConnectorModel

@testable import Manifest

extension Manifest {
  /// A manifest with the parts that the edge reads.
  static func sample(
    endpoints: [String: Endpoint] = ["api": .sample()], auth: [String: AuthProfile] = ["default": .bearer],
    limits: Limits = .standard, errors: [ErrorRule] = [], errorFields: ErrorFields = .sample
  ) -> Manifest {
    Manifest(
      id: "sample", version: "1.2.3", name: "Sample", library: Library(files: [:]),
      abi: ABIVersion(major: 1, minor: 0), isolation: .inProcess, concurrency: .parallel,
      api: API(version: "1", sunset: nil), endpoints: endpoints, identity: nil, auth: auth, scopes: [:],
      limits: limits, publish: nil, actions: [:], sync: [:], webhooks: [:], errors: errors,
      errorFields: errorFields, capabilities: .object([:]), health: Health(deepAction: nil), environment: [],
      configuration: nil, extensions: [], path: "/sample.yaml")
  }
}

extension Manifest.Endpoint {
  static func sample(
    bases: [String] = ["https://api.example.com/3.0"], variables: [String: String] = [:],
    methods: [String] = ["GET", "HEAD", "POST", "PUT", "DELETE"], auth: [String] = ["default"],
    allowsAnonymous: Bool = true, idempotent: [Manifest.RoutePattern] = [],
    reads: [Manifest.RoutePattern] = [],
    capture: [Manifest.Capture] = [], headers: [HeaderField] = [], buckets: [String] = []
  ) -> Manifest.Endpoint {
    Manifest.Endpoint(
      bases: bases, variables: variables, methods: methods, auth: auth, allowsAnonymous: allowsAnonymous,
      idempotent: idempotent, reads: reads, capture: capture, headers: headers, buckets: buckets)
  }
}

extension AuthProfile {
  static let bearer = AuthProfile.injecting(.bearer)

  static func injecting(_ injection: Injection, kind: Kind = .apiKey) -> AuthProfile {
    AuthProfile(alternatives: [Alternative(kind: kind, inject: injection, derive: [:])])
  }
}

extension ErrorFields {
  static let sample = ErrorFields(
    code: JSONPath(steps: [.member("code")]), message: JSONPath(steps: [.member("detail")]),
    requestID: "X-Request-Id")
}
