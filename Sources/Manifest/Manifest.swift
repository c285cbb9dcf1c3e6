package import ConnectorModel

/// What one connector is and may do: the validated value of one YAML file.
///
/// The host reads it before it opens any library and enforces it at the network's edge.
package struct Manifest: Sendable, Equatable {
  /// Also the platform's name in routes and flags.
  package var id: String
  /// Semantic version of the connector.
  package var version: String
  package var name: String
  package var library: Library
  package var abi: ABIVersion
  package var isolation: Isolation
  package var concurrency: Concurrency
  package var api: API
  package var endpoints: [String: Endpoint]
  package var identity: Identity?
  package var auth: [String: AuthProfile]
  package var scopes: [String: ScopeNeed]
  package var limits: Limits
  /// The action that `POST /api/publish` runs.
  package var publish: String?
  package var actions: [String: ActionDeclaration]
  package var sync: [String: SyncDeclaration]
  package var webhooks: [String: WebhookDeclaration]
  /// First match wins.
  package var errors: [ErrorRule]
  /// Where error answers carry the platform's code, words and request id.
  package var errorFields: ErrorFields
  /// Made public as they are.
  package var capabilities: JSONValue
  package var health: Health
  /// Names of environment variables.
  package var environment: [String]
  package var configuration: Configuration?
  package var extensions: [String]
  /// The file it came from, absolute.
  package var path: String

  package enum Isolation: String, Sendable, CaseIterable { case inProcess = "in-process", worker }
  package enum Concurrency: String, Sendable, CaseIterable { case parallel, serial }

  package init(
    id: String, version: String = "1.0.0", name: String = "", library: Library = Library(files: [:]),
    abi: ABIVersion = ABIVersion(major: 1, minor: 0), isolation: Isolation = .inProcess,
    concurrency: Concurrency = .parallel, api: API = API(version: ""), endpoints: [String: Endpoint] = [:],
    identity: Identity? = nil, auth: [String: AuthProfile] = [:], scopes: [String: ScopeNeed] = [:],
    limits: Limits = .standard, publish: String? = nil, actions: [String: ActionDeclaration] = [:],
    sync: [String: SyncDeclaration] = [:], webhooks: [String: WebhookDeclaration] = [:],
    errors: [ErrorRule] = [], errorFields: ErrorFields = ErrorFields(),
    capabilities: JSONValue = .object([:]), health: Health = Health(), environment: [String] = [],
    configuration: Configuration? = nil, extensions: [String] = [], path: String = ""
  ) {
    self.id = id
    self.version = version
    self.name = name
    self.library = library
    self.abi = abi
    self.isolation = isolation
    self.concurrency = concurrency
    self.api = api
    self.endpoints = endpoints
    self.identity = identity
    self.auth = auth
    self.scopes = scopes
    self.limits = limits
    self.publish = publish
    self.actions = actions
    self.sync = sync
    self.webhooks = webhooks
    self.errors = errors
    self.errorFields = errorFields
    self.capabilities = capabilities
    self.health = health
    self.environment = environment
    self.configuration = configuration
    self.extensions = extensions
    self.path = path
  }
}

extension Manifest {
  package struct ABIVersion: Sendable, Equatable {
    package var major: Int
    package var minor: Int

    package init(major: Int, minor: Int) {
      self.major = major
      self.minor = minor
    }
  }

  /// Where the shared library is.
  package struct Library: Sendable, Equatable {
    package struct File: Sendable, Equatable {
      /// Relative to the plugin search path, or absolute.
      package var path: String
      /// Lower-case hex; nil when the manifest does not pin it.
      package var sha256: String?

      package init(path: String, sha256: String? = nil) {
        self.path = path
        self.sha256 = sha256
      }
    }

    /// By platform tuple such as `linux-x86_64`; the key `any` serves a manifest that names one file.
    package var files: [String: File]

    package init(files: [String: File]) {
      self.files = files
    }
  }

  package struct API: Sendable, Equatable {
    package var version: String
    /// `YYYY-MM-DD`, nil when the platform has announced none.
    package var sunset: String?

    package init(version: String, sunset: String? = nil) {
      self.version = version
      self.sunset = sunset
    }
  }

  /// One entry of the egress allow-list.
  package struct Endpoint: Sendable, Equatable {
    /// URL templates; the first whose variables are all known is used.
    package var bases: [String]
    /// Variable name to the pattern that its value must match in full.
    package var variables: [String: String]
    package var methods: [String]
    /// Auth profiles that may be named in requests.
    ///
    /// A request without auth passes only when `allowsAnonymous`.
    package var auth: [String]
    package var allowsAnonymous: Bool
    /// Writes that may be repeated.
    package var idempotent: [RoutePattern]
    /// POSTs that change nothing.
    package var reads: [RoutePattern]
    package var capture: [Capture]
    /// Sent with every request, a version header for instance.
    package var headers: [HeaderField]
    /// Connection-independent buckets of `limits.buckets` that apply here besides the default ones.
    package var buckets: [String]

    package init(
      bases: [String], variables: [String: String] = [:], methods: [String], auth: [String] = [],
      allowsAnonymous: Bool = false, idempotent: [RoutePattern] = [], reads: [RoutePattern] = [],
      capture: [Capture] = [], headers: [HeaderField] = [], buckets: [String] = []
    ) {
      self.bases = bases
      self.variables = variables
      self.methods = methods
      self.auth = auth
      self.allowsAnonymous = allowsAnonymous
      self.idempotent = idempotent
      self.reads = reads
      self.capture = capture
      self.headers = headers
      self.buckets = buckets
    }
  }

  /// `PUT /lists/*/members/*`: `*` stands for one path segment, a final `**` for any rest.
  ///
  /// No method means any.
  package struct RoutePattern: Sendable, Equatable {
    package var method: String?
    package var segments: [String]

    package init(method: String?, segments: [String]) {
      self.method = method
      self.segments = segments
    }
  }

  /// A secret inside an answer, moved away before anybody sees it.
  package struct Capture: Sendable, Equatable {
    package var path: JSONPath
    /// The profile that its handles may be used under.
    package var profile: String
    /// Beside the value, what tells one secret from another.
    package var key: JSONPath?
    package var keep: Bool

    package init(path: JSONPath, profile: String, key: JSONPath? = nil, keep: Bool = false) {
      self.path = path
      self.profile = profile
      self.key = key
      self.keep = keep
    }
  }

  /// How the host learns whose account a connection is.
  package struct Identity: Sendable, Equatable {
    package var endpoint: String
    package var path: String
    package var accountID: JSONPath
    package var accountName: JSONPath?
    package var keep: [String: JSONPath]

    package init(
      endpoint: String, path: String, accountID: JSONPath, accountName: JSONPath? = nil,
      keep: [String: JSONPath] = [:]
    ) {
      self.endpoint = endpoint
      self.path = path
      self.accountID = accountID
      self.accountName = accountName
      self.keep = keep
    }
  }

  package struct ScopeNeed: Sendable, Equatable {
    package var why: String
    package var requiredBy: [String]

    package init(why: String, requiredBy: [String] = []) {
      self.why = why
      self.requiredBy = requiredBy
    }
  }

  package struct ActionDeclaration: Sendable, Equatable {
    package enum Effect: String, Sendable, CaseIterable { case read, write, destructive }
    package enum Retry: String, Sendable, CaseIterable { case safe, idempotent, reconcile, never }

    /// Absolute paths of the JSON Schema files.
    package var input: String?
    package var output: String?
    package var effect: Effect
    package var retry: Retry
    package var scopes: [String]
    /// Where the result tells what stands on the platform now.
    package var post: Post?
    /// Where the input may name media, and which.
    package var media: [MediaRule]

    package struct Post: Sendable, Equatable {
      package var id: JSONPath
      package var url: JSONPath?

      package init(id: JSONPath, url: JSONPath? = nil) {
        self.id = id
        self.url = url
      }
    }

    package init(
      input: String? = nil, output: String? = nil, effect: Effect, retry: Retry = .safe,
      scopes: [String] = [],
      post: Post? = nil, media: [MediaRule] = []
    ) {
      self.input = input
      self.output = output
      self.effect = effect
      self.retry = retry
      self.scopes = scopes
      self.post = post
      self.media = media
    }
  }

  package struct SyncDeclaration: Sendable, Equatable {
    package var record: String?
    package var every: Duration
    package var lookback: Duration?

    package init(record: String? = nil, every: Duration, lookback: Duration? = nil) {
      self.record = record
      self.every = every
      self.lookback = lookback
    }
  }

  package struct WebhookDeclaration: Sendable, Equatable {
    package enum Verification: String, Sendable, CaseIterable {
      case hmacSHA256 = "hmac-sha256"
      case timestampedHMAC = "timestamped-hmac"
      case oidcJWT = "oidc-jwt"
      case none
    }
    package enum Handshake: String, Sendable, CaseIterable {
      case metaHub = "meta-hub"
      case linkedinChallenge = "linkedin-challenge"
      case getOK = "get-ok"
      case none
    }

    package var verification: Verification
    package var header: String?
    package var secret: String?
    package var tolerance: Duration?
    package var handshake: Handshake
    package var deduplicate: [JSONPath]
    package var accepts: String

    package init(
      verification: Verification, header: String? = nil, secret: String? = nil, tolerance: Duration? = nil,
      handshake: Handshake = .none, deduplicate: [JSONPath] = [], accepts: String = "application/json"
    ) {
      self.verification = verification
      self.header = header
      self.secret = secret
      self.tolerance = tolerance
      self.handshake = handshake
      self.deduplicate = deduplicate
      self.accepts = accepts
    }
  }

  package struct Health: Sendable, Equatable {
    /// The action run by a deep check.
    package var deepAction: String?

    package init(deepAction: String? = nil) {
      self.deepAction = deepAction
    }
  }

  package struct Configuration: Sendable, Equatable {
    package var schema: String
    package var values: JSONValue

    package init(schema: String, values: JSONValue = .object([:])) {
      self.schema = schema
      self.values = values
    }
  }
}
