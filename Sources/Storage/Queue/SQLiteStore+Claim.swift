internal import GRDB
package import Ports

extension SQLiteStore {
  /// One look each: at the tenant served longest ago, at its connection served longest ago, at that one's next job.
  ///
  /// The triggers of the schema move tenant and connection to the end of their lines with the job.
  static let next = """
    SELECT number FROM jobs WHERE state = 1 AND connection = (
      SELECT connection FROM lanes WHERE ready = 1 AND tenant = (
        SELECT tenant FROM turns WHERE ready > 0 ORDER BY served LIMIT 1)
      ORDER BY served LIMIT 1)
    ORDER BY priority, available_at, number LIMIT 1
    """

  static let lapsed = """
    SELECT number FROM jobs WHERE state = 2 AND lease_until <= ?
      AND (SELECT blocked FROM lanes WHERE lanes.connection = jobs.connection) = 0
    ORDER BY lease_until LIMIT ?
    """

  private static let take =
    "UPDATE jobs SET state = 2, fence = ?, worker = ?, lease_until = ?, updated_at = ? WHERE number = ?"

  static let taken = """
    SELECT \(JobRow.columns), runs, fence, is_cancelled FROM jobs WHERE number IN (SELECT value FROM json_each(?)) ORDER BY fence
    """

  package func claim(_ limit: Int, worker: String, leaseUntil: UInt64, now: UInt64) async throws(StoreError)
    -> [Lease]
  {
    guard limit > 0 else { return [] }
    return try await write { database in
      if try database.exists("SELECT 1 FROM pauses WHERE connector = ''") { return [] }
      var fence = try database.first("SELECT last_fence FROM host") { $0.bits() } ?? 0
      var numbers: [Int] = []
      func take(_ number: Int) throws {
        fence += 1
        numbers.append(number)
        try database.run(Self.take, [fence.bits, worker, leaseUntil.time, now.time, number])
      }
      // First, and whole: what somebody began and nobody ends would hold up its connection.
      for number in try database.all(Self.lapsed, [now.time, limit], { $0.integer() }) { try take(number) }
      while numbers.count < limit, let number = try database.number(Self.next) { try take(number) }
      guard !numbers.isEmpty else { return [] }
      try database.run("UPDATE host SET last_fence = ?", [fence.bits])
      // All rows by one statement: an UPDATE that returns its row, or a SELECT for each, costs as much as the rest.
      return try database.all(Self.taken, ["[\(numbers.map(String.init).joined(separator: ","))]"]) { row in
        let job = try JobRow.read(&row)
        let run = row.integer() + 1
        return Lease(
          job: job, token: LeaseToken(job: job.id, fence: row.bits()), until: leaseUntil, number: run,
          isCancelled: row.flag())
      }
    }
  }

  package func renew(_ leases: [LeaseToken], until: UInt64) async throws(StoreError) -> [LeaseToken] {
    guard !leases.isEmpty else { return [] }
    return try await write { database in
      try leases.filter { lease in
        try database.run(
          "UPDATE jobs SET lease_until = ? WHERE id = ? AND fence = ? AND state = 2",
          [until.time, lease.job, lease.fence.bits])
        return database.changesCount == 0
      }
    }
  }

  package func abandonLeases(except worker: String, now: UInt64) async throws(StoreError) -> Int {
    try await write { database in
      // Held where the connection was stopped meanwhile, as if the job had waited then.
      try database.run(
        """
        UPDATE jobs SET
          state = iif(blocked & \(Lane.connectionBlocks), \(Job.State.held.number), \(Job.State.pending.number)),
          back_to = iif(blocked & \(Lane.connectionBlocks), \(Job.State.pending.number), NULL),
          note = iif(blocked & \(Lane.connectionBlocks), ?, ''),
          updated_at = ?
        FROM lanes WHERE lanes.connection = jobs.connection AND jobs.state = 2 AND worker <> ?
        """, [Lane.connectionNote, now.time, worker])
      return database.changesCount
    }
  }

  package func nextDue(now: UInt64) async throws(StoreError) -> UInt64? {
    try await read { database in
      let times = [
        try database.first(
          "SELECT available_at FROM jobs WHERE state = 0 OR state = 4 ORDER BY available_at LIMIT 1"
        ) { $0.time() },
        // Those that have run out are there to be claimed now.
        try database.first(
          """
          SELECT lease_until FROM jobs WHERE state = 2 AND lease_until > ?
            AND (SELECT blocked FROM lanes WHERE lanes.connection = jobs.connection) = 0
          ORDER BY lease_until LIMIT 1
          """, [now.time]
        ) { $0.time() },
      ]
      return times.compactMap { $0 }.min()
    }
  }
}
