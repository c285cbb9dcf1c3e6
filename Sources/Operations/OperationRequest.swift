package import ConnectorModel
package import Manifest
package import Ports

/// A connector as operations run on it: its instance, its door to the network, its budgets.
///
/// One object that all its operations share: each holds it while it waits.
package final class HostedConnector: Sendable {
  package let instance: any StepConnector
  package let http: any HTTPPerformer
  package let limits: Limits.OperationLimits
  package let health: ConnectorHealth

  package init(instance: any StepConnector, http: any HTTPPerformer, limits: Limits.OperationLimits) {
    self.instance = instance
    self.http = http
    self.limits = limits
    health = ConnectorHealth(isSerial: !instance.isParallel)
  }
}

/// What somebody wants done.
package struct OperationRequest: Sendable {
  package var kind: OperationStart.Kind
  package var name: String
  package var input: Payload
  package var connection: Connection
  package var seed: UInt64
  package var attempt: UInt32
  package var idempotencyKey: String
  /// An earlier attempt may have taken effect.
  package var mustReconcile: Bool
  /// What the numbers in its input and its record stand for.
  package var blobs: OperationBlobs
  /// When the order was given of which this is an attempt, in nanoseconds since 1970; nil: just now.
  package var orderedAt: UInt64?
  /// Where the operation is recorded; nil: nowhere, and it ends with this process.
  package var journal: (any OperationJournal)?
  /// Where what it emits goes, turn by turn; nil: all of it into the report.
  package var sink: (any RecordSink)?
  /// What an earlier run recorded; nil: it begins.
  @Rare var replay: OperationReplay?
  /// Told of every step as it happens, on whatever thread it happens; must not block.
  package var observe: @Sendable (OperationStep) -> Void

  package init(
    kind: OperationStart.Kind = .action, name: String, input: Payload, connection: Connection, seed: UInt64,
    attempt: UInt32 = 1, idempotencyKey: String = "", mustReconcile: Bool = false,
    blobs: OperationBlobs = OperationBlobs(), orderedAt: UInt64? = nil,
    journal: (any OperationJournal)? = nil, sink: (any RecordSink)? = nil,
    observe: @escaping @Sendable (OperationStep) -> Void = { _ in }
  ) {
    self.kind = kind
    self.name = name
    self.input = input
    self.connection = connection
    self.seed = seed
    self.attempt = attempt
    self.idempotencyKey = idempotencyKey
    self.mustReconcile = mustReconcile
    self.blobs = blobs
    self.orderedAt = orderedAt
    self.journal = journal
    self.sink = sink
    replay = nil
    self.observe = observe
  }

  /// An operation that goes on from its journal: what it was started with stands there.
  package init(
    resuming replay: OperationReplay, connection: Connection,
    blobs: OperationBlobs = OperationBlobs(),
    journal: any OperationJournal, observe: @escaping @Sendable (OperationStep) -> Void = { _ in }
  ) {
    let start = replay.start.operation
    self.init(
      kind: start.kind, name: start.name, input: start.input, connection: connection,
      seed: start.seed,
      attempt: start.attempt, idempotencyKey: start.idempotencyKey, blobs: blobs, journal: journal,
      observe: observe)
    self.replay = replay
  }

  /// For keeping while the operation runs: the largest parts go with the first turn, or are the machine's.
  var withoutInput: OperationRequest {
    var request = self
    request.input = .json([])
    request.replay = nil
    return request
  }

  /// What the connector is given at its first turn: as on record, or new.
  func start(deadline: UInt64) -> OperationStart {
    replay?.start.operation
      ?? OperationStart(
        kind: kind, name: name, input: input, attributes: attributes, deadline: deadline, seed: seed,
        attempt: attempt, idempotencyKey: idempotencyKey)
  }

  /// What the connector is told of the account: never a secret, never a tenant.
  var attributes: [HeaderField] {
    var attributes = [HeaderField("patchbay.connection", connection.id)]
    if let id = connection.accountID { attributes.append(HeaderField("patchbay.account.id", id)) }
    for (name, value) in connection.accountFacts.sorted(by: { $0.key < $1.key }) {
      attributes.append(HeaderField("patchbay.account.\(name)", value))
    }
    for (name, value) in connection.variables.sorted(by: { $0.key < $1.key }) {
      attributes.append(HeaderField("patchbay.var.\(name)", value))
    }
    if mustReconcile { attributes.append(HeaderField("patchbay.reconcile", "1")) }
    if let orderedAt { attributes.append(HeaderField("patchbay.ordered", String(orderedAt / 1_000_000_000))) }
    return attributes
  }
}

/// Something that happened on an operation's way through the host.
///
/// Holds no body, header or query.
package enum OperationStep: Sendable {
  case turn(number: Int, events: Int, pushes: Int, cpu: Duration)
  case http(method: String, path: String, PerformedHTTP)
  /// The connector waits by a timer of its own.
  case timer(Duration)
  case log(ConnectorLogLine)
  case ended(OutcomeCode)
}
