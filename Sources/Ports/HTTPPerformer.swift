package import ConnectorModel

/// The door to the network as the driver of operations sees it.
package protocol HTTPPerformer: Sendable {
  /// Performs one HTTP effect under the manifest's rules and calls `deliver` exactly once, never inline,
  /// on a thread that must not be blocked. After `cancel` the delivery still comes, as `cancelled` or as what
  /// had already happened.
  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation

  /// Whether the request may change something that must not be changed twice: the method says so, or the manifest
  /// says otherwise. Quick, and always the same for the same request.
  func isWrite(_ request: HTTPRequest, of connection: Connection) -> Bool

  /// Forgets what was kept for an operation: it has ended, and what is still delivered goes nowhere.
  func operationEnded(_ operation: String)
}

extension HTTPPerformer {
  /// By the method alone, for performers without a manifest.
  package func isWrite(_ request: HTTPRequest, of connection: Connection) -> Bool {
    !["GET", "HEAD", "OPTIONS"].contains(request.method)
  }
}

/// What an exchange needs to know of the operation it belongs to.
package struct OperationScope: Sendable {
  /// Unique in this process; handles of captured secrets live as long as it.
  package var operation: String
  package var connection: Connection
  /// Nanoseconds since 1970 on the host's clock; waits for limits do not count.
  package var deadline: UInt64
  /// Who goes first when limits make requests wait.
  package var priority: Priority
  /// What the numbers of blobs in requests stand for.
  package var blobs: OperationBlobs
  /// The operation's own chance, the same on replay.
  package var seed: UInt64
  /// Told true when a wait for a limit begins and false when it ends.
  ///
  /// An exchange has one wait at a time. Must not block.
  package var waits: @Sendable (Bool) -> Void

  package enum Priority: Int, Sendable, CaseIterable { case publishing, syncing }

  package init(
    operation: String, connection: Connection, deadline: UInt64, priority: Priority = .publishing,
    blobs: OperationBlobs = OperationBlobs(), seed: UInt64 = 0,
    waits: @escaping @Sendable (Bool) -> Void = { _ in }
  ) {
    self.operation = operation
    self.connection = connection
    self.deadline = deadline
    self.priority = priority
    self.blobs = blobs
    self.seed = seed
    self.waits = waits
  }
}

/// An account that somebody connected.
///
/// Holds no secret.
package struct Connection: Sendable, Equatable {
  /// Opaque.
  package var id: String
  /// Whose it is, because limits take turns tenant by tenant; empty where the host knows no tenants.
  ///
  /// Opaque, and never told to connectors.
  package var tenant: String
  /// The platform's id of the account; nil until identity is known.
  package var accountID: String?
  /// What `identity.keep` of the manifest kept.
  package var accountFacts: [String: String]
  /// Values for `{name}` in endpoint bases.
  package var variables: [String: String]

  package init(
    id: String, tenant: String = "", accountID: String? = nil, accountFacts: [String: String] = [:],
    variables: [String: String] = [:]
  ) {
    self.id = id
    self.tenant = tenant
    self.accountID = accountID
    self.accountFacts = accountFacts
    self.variables = variables
  }
}

/// How an HTTP effect went.
package struct PerformedHTTP: Sendable, Equatable {
  /// What the connector is told.
  package var answer: HTTPAnswer
  /// Exchanges begun on the wire, re-sends and redirects included.
  package var requests: Int
  /// Time spent waiting for limits and back-off, with reasons.
  package var waits: [Wait]
  /// Something was sent that may have changed the platform's state.
  package var performedWrite: Bool
  /// Something asks for a longer wait than a running operation has, and nothing was carried out; else nil.
  package var askedToWait: Duration?
  /// What asks for it.
  package var waitCause: WaitCause
  /// Time on the wire.
  package var network: Duration
  /// Time until there was a token.
  package var token: Duration

  package init(
    answer: HTTPAnswer, requests: Int = 0, waits: [Wait] = [], performedWrite: Bool = false,
    askedToWait: Duration? = nil, waitCause: WaitCause = .limit, network: Duration = .zero,
    token: Duration = .zero
  ) {
    self.answer = answer
    self.requests = requests
    self.waits = waits
    self.performedWrite = performedWrite
    self.askedToWait = askedToWait
    self.waitCause = waitCause
    self.network = network
    self.token = token
  }
}

/// Why an effect could not be carried out now.
package enum WaitCause: String, Sendable, CaseIterable {
  /// A limit of the platform.
  case limit
  /// Provably nothing could be sent.
  case network
  /// The host is left alone because everything failed there.
  case circuit
}

/// A wait and its reason, for instance `rate_limited`, `concurrency` or `rate:daily` for a bucket of that name.
package struct Wait: Sendable, Equatable {
  package var reason: String
  package var duration: Duration

  package init(reason: String, duration: Duration) {
    self.reason = reason
    self.duration = duration
  }
}
