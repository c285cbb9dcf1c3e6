/// A publish, or another action, that a host owes a tenant until it has ended.
///
/// docs/states.md draws its states.
package struct Job: Sendable, Equatable {
  package enum State: String, Sendable, CaseIterable {
    /// Waits for its time.
    case scheduled
    /// May run now.
    case pending
    case processing
    case published
    /// An attempt failed or must wait; the next comes at `availableAt`.
    case retrying
    /// Its connection is paused or needs a person, or a missed time needs a decision.
    case held
    case cancelled
    /// It may have taken effect and nobody can tell from here.
    case unknown
    /// Has a dead letter.
    case dead

    package var hasEnded: Bool {
      switch self {
      case .published, .cancelled, .unknown, .dead: true
      case .scheduled, .pending, .processing, .retrying, .held: false
      }
    }
  }

  /// Smaller runs first.
  package enum Priority: Int, Sendable, CaseIterable {
    case publishing = 0
    case syncing = 1
  }

  /// What happens when the host was down at the scheduled time, by more than a minute.
  package enum Misfire: String, Sendable, CaseIterable {
    case publish
    /// Becomes dead with reason `expired`.
    case skip
    /// Becomes held until somebody releases it.
    case ask
  }

  package var id: String
  package var tenant: String
  package var connection: String
  package var connector: String
  package var action: String
  /// Canonical JSON.
  package var payload: [UInt8]
  package var idempotencyKey: String
  /// SHA-256 of payload and `scheduledFor`; tells the same body from another.
  package var digest: [UInt8]
  package var priority: Priority
  package var misfire: Misfire
  /// Nanoseconds since 1970, as all times here; nil: at once.
  package var scheduledFor: UInt64?
  package var createdAt: UInt64
  package var updatedAt: UInt64
  package var state: State
  /// The earliest time for the next attempt.
  package var availableAt: UInt64
  /// Attempts that ended and counted.
  package var attempts: Int
  /// Those of them that ended in a time-out.
  package var timeouts: Int
  /// An attempt wrote: later ones look before they write.
  package var mustReconcile: Bool
  /// JSON; nil unless published.
  package var result: [UInt8]?
  /// Of the last attempt that failed.
  package var error: JobError?
  package var finishedAt: UInt64?
  /// The dead job that this one repeats.
  package var retryOf: String?
  /// Why it is held, or what it waits for; empty when there is nothing to say.
  package var note: String
  /// Age counts from here: from its time, or from when somebody had it looked at again.
  package var dueAt: UInt64

  package init(
    id: String, tenant: String, connection: String, connector: String, action: String, payload: [UInt8],
    idempotencyKey: String, digest: [UInt8], priority: Priority = .publishing, misfire: Misfire = .publish,
    scheduledFor: UInt64? = nil, createdAt: UInt64, retryOf: String? = nil, mustReconcile: Bool = false
  ) {
    self.id = id
    self.tenant = tenant
    self.connection = connection
    self.connector = connector
    self.action = action
    self.payload = payload
    self.idempotencyKey = idempotencyKey
    self.digest = digest
    self.priority = priority
    self.misfire = misfire
    self.scheduledFor = scheduledFor
    self.createdAt = createdAt
    self.retryOf = retryOf
    self.mustReconcile = mustReconcile
    updatedAt = createdAt
    let isAhead = (scheduledFor ?? 0) > createdAt
    state = isAhead ? .scheduled : .pending
    availableAt = max(createdAt, scheduledFor ?? 0)
    dueAt = availableAt
    attempts = 0
    timeouts = 0
    note = ""
  }
}

/// Why an attempt failed, as people and programs are told.
package struct JobError: Sendable, Equatable, Codable {
  /// ``OutcomeCode/name``.
  package var code: String
  package var message: String
  /// What to do about it.
  package var action: String
  package var platformCode: String?
  package var requestId: String?
  package var httpStatus: Int?
  /// A JSON pointer into the payload.
  package var pointer: String?

  package init(
    code: String, message: String, action: String = "", platformCode: String? = nil, requestId: String? = nil,
    httpStatus: Int? = nil, pointer: String? = nil
  ) {
    self.code = code
    self.message = message
    self.action = action
    self.platformCode = platformCode
    self.requestId = requestId
    self.httpStatus = httpStatus
    self.pointer = pointer
  }
}

/// One attempt at a job, for people: what happened and where the time went.
package struct Attempt: Sendable, Equatable {
  package enum Result: String, Sendable, CaseIterable {
    case published, failed, unknown, cancelled
    /// Waits without counting: a limit, or a host that stops.
    case parked
  }

  /// From 1, those that did not count too.
  package var number: Int
  package var startedAt: UInt64
  package var endedAt: UInt64
  package var result: Result
  package var error: JobError?
  package var times: AttemptTimes
  /// Exchanges begun on the wire.
  package var requests: Int
  /// The operation was replayed from its journal.
  package var wasReplayed: Bool

  package init(
    number: Int, startedAt: UInt64, endedAt: UInt64, result: Result, error: JobError? = nil,
    times: AttemptTimes = AttemptTimes(), requests: Int = 0, wasReplayed: Bool = false
  ) {
    self.number = number
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.result = result
    self.error = error
    self.times = times
    self.requests = requests
    self.wasReplayed = wasReplayed
  }
}

/// Where an attempt's time went, in microseconds; parts that overlap are summed.
package struct AttemptTimes: Sendable, Equatable, Codable {
  /// Between the time it might have run and its start.
  package var queue: UInt64
  package var limiter: UInt64
  package var token: UInt64
  /// On the CPU, inside the connector.
  package var connector: UInt64
  package var network: UInt64
  /// Until what happened was durable.
  package var journal: UInt64

  package init(
    queue: UInt64 = 0, limiter: UInt64 = 0, token: UInt64 = 0, connector: UInt64 = 0, network: UInt64 = 0,
    journal: UInt64 = 0
  ) {
    self.queue = queue
    self.limiter = limiter
    self.token = token
    self.connector = connector
    self.network = network
    self.journal = journal
  }
}
