internal import GRDB
internal import Ports

/// How a job lies in its table.
enum JobRow {
  /// In the order in which ``read(_:)`` takes them.
  static let columns = """
    id, tenant, connection, connector, action, payload, idempotency_key, digest, priority, misfire, scheduled_for, \
    created_at, updated_at, state, available_at, attempts, timeouts, must_reconcile, result, error, finished_at, \
    retry_of, note, due_at
    """

  /// The same for lists, which could be as large as all payloads together.
  static let columnsWithoutPayload = columns.replacing(" payload,", with: " x'' AS payload,")

  static func read(_ row: inout RowReader) throws -> Job {
    var job = Job(
      id: row.text(), tenant: row.text(), connection: row.text(), connector: row.text(), action: row.text(),
      payload: row.bytes(), idempotencyKey: row.string(), digest: row.bytes(),
      priority: try priority(row.integer()), misfire: try row.choice(), scheduledFor: row.optionalTime(),
      createdAt: row.time())
    job.updatedAt = row.time()
    job.state = try state(row.integer())
    job.availableAt = row.time()
    job.attempts = row.integer()
    job.timeouts = row.integer()
    job.mustReconcile = row.flag()
    job.result = row.optionalBytes()
    job.error = try row.optionalJSON()
    job.finishedAt = row.optionalTime()
    job.retryOf = row.optionalText()
    job.note = row.text()
    job.dueAt = row.time()
    return job
  }

  static func state(_ number: Int) throws -> Job.State {
    guard let state = Job.State.allCases.first(where: { $0.number == number }) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    return state
  }

  private static func priority(_ number: Int) throws -> Job.Priority {
    guard let priority = Job.Priority(rawValue: number) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT)
    }
    return priority
  }

  /// The job as it is now.
  static func find(_ database: Database, _ id: String) throws -> Job? {
    try database.first("SELECT \(columns) FROM jobs WHERE id = ?", [id], read)
  }

  static func find(_ database: Database, _ id: String, tenant: String) throws -> Job {
    let job = try database.first(
      "SELECT \(columns) FROM jobs WHERE id = ? AND tenant = ?", [id, tenant], read)
    guard let job else {
      throw StoreError(.notFound, "There is no job \(id): list the jobs to see their ids.")
    }
    return job
  }

  private static let insertion = """
    INSERT INTO jobs (\(columns), in_ledger, fence, lease_until, worker, is_cancelled, back_to, runs)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, '', 0, ?, 0)
    """

  /// - Parameter backTo: of a held one.
  static func insert(_ database: Database, _ job: Job, backTo: Job.State? = nil) throws {
    try database.run(
      insertion,
      [
        job.id, job.tenant, job.connection, job.connector, job.action, job.payload.blob,
        job.idempotencyKey.blob,
        job.digest.blob, job.priority.rawValue, job.misfire.rawValue, job.scheduledFor?.time,
        job.createdAt.time,
        job.updatedAt.time, job.state.number, job.availableAt.time, job.attempts, job.timeouts,
        job.mustReconcile, job.result?.blob, try job.error?.stableJSON(), job.finishedAt?.time, job.retryOf,
        job.note, job.dueAt.time, backTo?.number,
      ])
  }
}

extension Job.State {
  /// As the schema numbers them.
  var number: Int {
    switch self {
    case .scheduled: 0
    case .pending: 1
    case .processing: 2
    case .published: 3
    case .retrying: 4
    case .held: 5
    case .cancelled: 6
    case .unknown: 7
    case .dead: 8
    }
  }
}
