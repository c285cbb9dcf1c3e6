internal import GRDB
package import Ports
internal import Synchronization

/// Everything that a host keeps, in one SQLite file; the host is the only one that writes to it.
///
/// Writes of the same moment share a transaction, durable before any of them returns. Reads run beside them.
/// One that is not closed closes itself with its last reference.
package final class SQLiteStore: Store {
  package struct Options: Sendable {
    /// Nothing is written; the file must exist.
    package var isReadOnly: Bool
    /// The file grows no larger than this many pages of 4 KiB; nil: as large as the disk.
    package var maximumPages: Int?

    package init(isReadOnly: Bool = false, maximumPages: Int? = nil) {
      self.isReadOnly = isReadOnly
      self.maximumPages = maximumPages
    }
  }

  let pool: DatabasePool
  let faults: StorageFaults
  let commits: GroupCommit

  private init(_ pool: DatabasePool, _ faults: StorageFaults) {
    self.pool = pool
    self.faults = faults
    commits = GroupCommit(pool, faults)
  }

  deinit { commits.close() }

  /// Opens the file at `path`, or makes it with mode 0600, and brings its schema to that of this version.
  ///
  /// - Throws: `tooNew` for a file of a later version, `corrupt`, `readOnly`, `full`, `unavailable`.
  package static func open(path: String, options: Options = Options()) async throws(StoreError) -> SQLiteStore
  {
    let faults = StorageFaults(path: path)
    do {
      return try await NamedThread.run("store open") {
        SQLiteStore(try DatabaseFile.open(path, options, faults), faults)
      }
    } catch {
      throw faults.error(error)
    }
  }

  package func check() async throws(StoreError) {
    try await write { database in
      try database.run("UPDATE host SET checks = checks + 1")
    }
  }

  package func close() async {
    commits.close()
    await commits.thread.wait()
  }
}

extension SQLiteStore {
  /// Runs `body` with the writes of others in one transaction and returns when that is durable.
  ///
  /// What `body` throws undoes `body` alone. It may run twice, the first time in vain: it touches nothing else.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value)
    async throws(StoreError) -> Value
  {
    let result = await withCheckedContinuation { continuation in
      write(body) { continuation.resume(returning: $0) }
    }
    return try result.get()
  }

  /// Writes are performed in the order of these calls; `deliver` runs on the thread that writes.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value,
    deliver: @escaping @Sendable (Result<Value, StoreError>) -> Void
  ) {
    let faults = faults
    commits.submit(
      GroupCommit.Write(
        run: { database, isGuarded in
          guard isGuarded else {
            let value = try body(database)
            return { deliver(.success(value)) }
          }
          let result: Result<Value, StoreError>
          do {
            result = .success(try database.undoing { try body(database) })
          } catch {
            let fault = faults.error(error)
            // A damaged file gets no commit, and a full one may have made SQLite undo all of the transaction.
            guard database.isInsideTransaction, fault.code != .corrupt else { throw fault }
            result = .failure(fault)
          }
          return { deliver(result) }
        },
        refuse: { deliver(.failure($0)) }))
  }

  /// Runs `body` on a snapshot of everything that was acknowledged before.
  ///
  /// Not through GRDB's `async` methods, which give up and throw when the caller's task is cancelled.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value)
    async throws(StoreError) -> Value
  {
    let faults = faults
    let commits = commits
    guard commits.beginRead() else { throw faults.closed }
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        let result = Result { try body(try database.get()) }
        commits.endRead()
        continuation.resume(returning: result.mapError(faults.error))
      }
    }
    if case .failure(let fault) = result, fault.code == .corrupt { commits.stop(because: fault) }
    return try result.get()
  }
}
