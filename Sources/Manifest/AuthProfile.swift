/// A way to authenticate; the connector names the profile, the host injects the secret.
package struct AuthProfile: Sendable, Equatable {
  /// One of these, chosen when the account is connected.
  package var alternatives: [Alternative]

  package struct Alternative: Sendable, Equatable {
    package var kind: Kind
    package var inject: Injection
    /// Variables taken from the key when the account is connected.
    package var derive: [String: Derivation]

    package init(kind: Kind, inject: Injection, derive: [String: Derivation] = [:]) {
      self.kind = kind
      self.inject = inject
      self.derive = derive
    }
  }

  package enum Kind: Sendable, Equatable {
    case apiKey
    case oauth2(OAuth2)
    /// The token comes out of an answer (`capture`) and is used by handle.
    case captured
  }

  /// Where the secret goes.
  package enum Injection: Sendable, Equatable {
    /// `password` may hold `$key` for the secret.
    case basic(user: String, password: String)
    /// `Authorization: Bearer …`.
    case bearer
    /// A header whose value may hold `$key`, e.g. `OAuth $key`.
    case header(name: String, value: String)
    /// A query parameter, for platforms that take nothing else.
    case query(name: String)
  }

  /// `match` is a regular expression with one group, applied to `source`.
  package struct Derivation: Sendable, Equatable {
    package var source: String
    package var match: String

    package init(source: String = "key", match: String) {
      self.source = source
      self.match = match
    }
  }

  package struct OAuth2: Sendable, Equatable {
    package enum ClientStyle: String, Sendable, CaseIterable { case body, basic }
    package enum PKCE: String, Sendable, CaseIterable { case none, s256 = "S256", tiktokHex = "tiktok-hex" }
    package enum Expiry: Sendable, Equatable {
      case never
      case after(Duration)
    }

    package var authorize: String
    package var token: String
    /// `env:NAME`.
    package var clientID: String
    package var clientSecret: String
    package var clientStyle: ClientStyle
    package var pkce: PKCE
    package var expires: Expiry?
    package var after: AfterExchange?

    package init(
      authorize: String, token: String, clientID: String, clientSecret: String,
      clientStyle: ClientStyle = .body, pkce: PKCE = .none, expires: Expiry? = nil,
      after: AfterExchange? = nil
    ) {
      self.authorize = authorize
      self.token = token
      self.clientID = clientID
      self.clientSecret = clientSecret
      self.clientStyle = clientStyle
      self.pkce = pkce
      self.expires = expires
      self.after = after
    }
  }

  /// A request made right after the code exchange.
  package struct AfterExchange: Sendable, Equatable {
    package var endpoint: String
    package var path: String
    /// How the token is sent, `oauth-header` meaning `Authorization: OAuth …`; nil: as the profile injects.
    package var authStyle: String?
    package var failIf: JSONPath?
    package var take: [String: JSONPath]

    package init(
      endpoint: String, path: String, authStyle: String? = nil, failIf: JSONPath? = nil,
      take: [String: JSONPath] = [:]
    ) {
      self.endpoint = endpoint
      self.path = path
      self.authStyle = authStyle
      self.failIf = failIf
      self.take = take
    }
  }

  package init(alternatives: [Alternative]) {
    self.alternatives = alternatives
  }
}
