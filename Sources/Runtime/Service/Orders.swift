package import ConnectorModel
package import Ports
package import Secrets

/// Who asks: a tenant's application, by one of its keys.
package struct Principal: Sendable, Equatable {
  package var tenant: String
  /// The key's id.
  package var key: String
  package var scopes: Set<APIKey.Scope>

  package init(tenant: String, key: String, scopes: Set<APIKey.Scope>) {
    self.tenant = tenant
    self.key = key
    self.scopes = scopes
  }
}

/// An account to connect by a key or token that the application has.
package struct ConnectOrder: Sendable {
  package var connector: String
  package var secret: Secret
  package var kind: KeyCredential.Kind

  package init(connector: String, secret: Secret, kind: KeyCredential.Kind) {
    self.connector = connector
    self.secret = secret
    self.kind = kind
  }
}

/// Something to publish.
package struct PublishOrder: Sendable {
  package var connection: String
  package var idempotencyKey: String
  /// The action's input; a member `action` names another write action than the manifest's `publish`.
  package var payload: JSONValue
  /// Nanoseconds since 1970; nil: at once.
  package var scheduledFor: UInt64?
  package var misfire: Job.Misfire

  package init(
    connection: String, idempotencyKey: String, payload: JSONValue, scheduledFor: UInt64? = nil,
    misfire: Job.Misfire = .publish
  ) {
    self.connection = connection
    self.idempotencyKey = idempotencyKey
    self.payload = payload
    self.scheduledFor = scheduledFor
    self.misfire = misfire
  }
}

package struct PublishReceipt: Sendable, Equatable {
  package var job: Job
  /// False when the same order came before.
  package var isNew: Bool

  package init(job: Job, isNew: Bool) {
    self.job = job
    self.isNew = isNew
  }
}

/// A job with what has been tried.
package struct JobDetail: Sendable, Equatable {
  package var job: Job
  package var attempts: [Attempt]

  package init(job: Job, attempts: [Attempt]) {
    self.job = job
    self.attempts = attempts
  }
}

/// A connector as operators see it.
package struct ConnectorStatus: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    case ready
    /// A newer manifest or library was refused; the old one runs on.
    case stale
    case paused
    case failed
  }

  package var id: String
  package var version: String
  package var state: State
  /// Why it is not simply ready; empty when it is.
  package var reason: String
  package var manifest: String
  package var library: String
  /// Of the library, lower-case hex; empty when none is loaded.
  package var sha256: String
  /// Counts the libraries that were loaded for it in this process.
  package var generation: Int
  /// Replaced generations on which operations are still under way.
  package var draining: Int

  package init(
    id: String, version: String, state: State, reason: String = "", manifest: String = "",
    library: String = "",
    sha256: String = "", generation: Int = 0, draining: Int = 0
  ) {
    self.id = id
    self.version = version
    self.state = state
    self.reason = reason
    self.manifest = manifest
    self.library = library
    self.sha256 = sha256
    self.generation = generation
    self.draining = draining
  }
}

/// Whether the host takes work.
package struct Readiness: Sendable, Equatable {
  package struct Check: Sendable, Equatable {
    package var name: String
    package var isOK: Bool
    /// One sentence; empty when it is.
    package var message: String

    package init(_ name: String, isOK: Bool, message: String = "") {
      self.name = name
      self.isOK = isOK
      self.message = message
    }
  }

  package var checks: [Check]
  package var isReady: Bool { checks.allSatisfy(\.isOK) }

  package init(checks: [Check]) { self.checks = checks }
}
