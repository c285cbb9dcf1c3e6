internal import GRDB
package import Ports

extension SQLiteStore {
  package func job(_ id: String, tenant: String) async throws(StoreError) -> Job? {
    try await read { database in
      try database.first(
        "SELECT \(JobRow.columns) FROM jobs WHERE id = ? AND tenant = ?", [id, tenant], JobRow.read)
    }
  }

  package func jobs(tenant: String, matching filter: JobFilter, page: PageRequest) async throws(StoreError)
    -> Page<Job>
  {
    try await read { database in
      var conditions = ["tenant = ?", "number < ?"]
      var arguments: StatementArguments = [tenant, try page.position("jobs") ?? .max]
      if let state = filter.state {
        // The number itself, and not a parameter, lets the engine see that a partial index holds them all.
        conditions.append("state = \(state.number)")
        if !state.hasEnded { conditions.append("finished_at IS NULL") }
      }
      if let connection = filter.connection {
        conditions.append("connection = ?")
        arguments += [connection]
      }
      arguments += [page.rows]
      let rows = try database.all(
        """
        SELECT number, \(JobRow.columnsWithoutPayload) FROM jobs WHERE \(conditions.joined(separator: " AND "))
        ORDER BY number DESC LIMIT ?
        """, arguments
      ) { row in (Int64(row.integer()), try JobRow.read(&row)) }
      return page.page("jobs", rows)
    }
  }

  package func attempts(job: String) async throws(StoreError) -> [Attempt] {
    try await read { database in
      try database.all(
        """
        SELECT number, started_at, ended_at, result, error, queue_us, limiter_us, token_us, connector_us, network_us,
          journal_us, requests, was_replayed
        FROM attempts WHERE job = (SELECT number FROM jobs WHERE id = ?) ORDER BY number
        """, [job]
      ) { row in
        Attempt(
          number: row.integer(), startedAt: row.time(), endedAt: row.time(), result: try row.choice(),
          error: try row.optionalJSON(),
          times: AttemptTimes(
            queue: row.time(), limiter: row.time(), token: row.time(), connector: row.time(),
            network: row.time(), journal: row.time()),
          requests: row.integer(), wasReplayed: row.flag())
      }
    }
  }

  package func cancel(_ id: String, tenant: String, now: UInt64) async throws(StoreError) -> Job {
    try await write { database in
      let job = try JobRow.find(database, id, tenant: tenant)
      guard !job.state.hasEnded else {
        throw StoreError(
          .conflict, "Job \(id) has ended as \(job.state.rawValue): there is nothing to cancel.")
      }
      let number = try database.number(ofJob: id)
      // A write makes `cancelled` a guess: where there will be a next worker, it looks at the journal and ends it.
      let isLookedAt = try job.state != .held && JobEnding.hasIntent(database, job: number)
      if job.state == .processing || isLookedAt {
        try database.run(
          "UPDATE jobs SET is_cancelled = 1, updated_at = ? WHERE number = ?", [now.time, number])
      } else {
        try JobEnding.endUnseen(
          database, job: number, id: id, tenant: tenant, as: .cancelled, now: now)
      }
      return try JobRow.find(database, id, tenant: tenant)
    }
  }

  package func cancelled(among jobs: [String]) async throws(StoreError) -> Set<String> {
    guard !jobs.isEmpty else { return [] }
    return try await read { database in
      Set(
        try jobs.filter { job in
          try database.exists("SELECT 1 FROM jobs WHERE id = ? AND state = 2 AND is_cancelled = 1", [job])
        })
    }
  }

  package func resume(_ id: String, tenant: String, now: UInt64) async throws(StoreError) -> Job {
    try await write { database in
      let job = try JobRow.find(database, id, tenant: tenant)
      let number = try database.number(ofJob: id)
      switch job.state {
      case .held:
        try Self.letGo(database, job, number, now)
      case .unknown:
        try Self.lookAgain(database, job, number, now)
      default:
        throw StoreError(
          .conflict, "Job \(id) is \(job.state.rawValue): only a held or an unknown one can be resumed.")
      }
      return try JobRow.find(database, id, tenant: tenant)
    }
  }

  /// One that was not due goes back to its time; one whose connection does not publish waits for that.
  private static func letGo(_ database: Database, _ job: Job, _ number: Int, _ now: UInt64) throws {
    let isBlocked = try ConnectionRow.isBlocked(database, job, to: "resumed")
    let backTo = try database.first("SELECT coalesce(back_to, -1) FROM jobs WHERE number = ?", [number]) {
      $0.integer()
    }
    let isAhead = backTo == Job.State.scheduled.number && job.availableAt > now
    let next = isAhead ? Job.State.scheduled : .pending
    try database.run(
      """
      UPDATE jobs SET state = ?, back_to = ?, note = ?, available_at = ?, updated_at = ? WHERE number = ?
      """,
      [
        isBlocked ? Job.State.held.number : next.number, isBlocked ? next.number : nil,
        isBlocked ? Lane.connectionNote : "", (isAhead ? job.availableAt : min(job.availableAt, now)).time,
        now.time, number,
      ])
  }

  /// The same job goes on, so its dead letter is handled; its age counts from now, or it would expire at once.
  private static func lookAgain(_ database: Database, _ job: Job, _ number: Int, _ now: UInt64) throws {
    let isBlocked = try ConnectionRow.isBlocked(database, job, to: "resumed")
    let isRepeated = try database.exists(
      "SELECT 1 FROM dead_letters WHERE job = ? AND retried_as IS NOT NULL AND retried_as <> ?",
      [number, job.id])
    guard !isRepeated else {
      throw StoreError(.conflict, "Job \(job.id) has a job that repeats it already: look at that one.")
    }
    try database.run(
      "UPDATE dead_letters SET retried_as = ? WHERE job = ? AND retried_as IS NULL", [job.id, number])
    try database.run(
      """
      UPDATE jobs SET state = ?3, back_to = ?4, must_reconcile = 1, is_cancelled = 0, finished_at = NULL,
        attempts = 0, timeouts = 0, note = ?5, available_at = ?1, due_at = ?1, updated_at = ?1 WHERE number = ?2
      """,
      [
        now.time, number, (isBlocked ? Job.State.held : .pending).number,
        isBlocked ? Job.State.pending.number : nil, isBlocked ? Lane.connectionNote : "",
      ])
  }

  package func depth(tenant: String?) async throws(StoreError) -> [Job.State: Int] {
    try await read { database in
      let columns = Job.State.allCases.map(\.rawValue)
      let sums = columns.map { "coalesce(sum(\($0)), 0)" }.joined(separator: ", ")
      let counts = try database.first(
        "SELECT \(sums) FROM turns WHERE ?1 IS NULL OR tenant = ?1", [tenant]
      ) { row in columns.map { _ in row.integer() } }
      return Dictionary(uniqueKeysWithValues: zip(Job.State.allCases, counts ?? [])).filter { $0.value > 0 }
    }
  }
}

extension Database {
  /// - Throws: `notFound`.
  func number(ofJob id: String) throws -> Int {
    let number = try first("SELECT number FROM jobs WHERE id = ?", [id]) { $0.integer() }
    guard let number else {
      throw StoreError(.notFound, "There is no job \(id): list the jobs to see their ids.")
    }
    return number
  }
}
