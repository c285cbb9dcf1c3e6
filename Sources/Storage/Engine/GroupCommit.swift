internal import Dispatch
internal import GRDB
internal import Ports
internal import Synchronization

/// One thread that performs all writes: what waits at the same moment shares a transaction and its sync to disk.
final class GroupCommit: Sendable {
  struct Write: Sendable {
    /// Performs the write inside the transaction of its batch, and returns what tells its caller after the commit.
    ///
    /// Guarded, it undoes its own failure and throws only when the whole transaction is to be undone; otherwise it
    /// throws any failure.
    let run: @Sendable (Database, _ isGuarded: Bool) throws -> @Sendable () -> Void
    let refuse: @Sendable (StoreError) -> Void
  }

  static let largestBatch = 512

  private struct State {
    var waiting: [Write] = []
    var isClosed = false
    /// Under way, on other threads; the file is closed after them.
    var reads = 0
    /// The file is damaged: nothing is written any more.
    var damage: StoreError?
  }

  private let faults: StorageFaults
  private let queue: Queue
  /// Over after ``close()``, when all that waited is done and the file is closed.
  let thread: ThreadCompletion

  init(_ pool: DatabasePool, _ faults: StorageFaults) {
    let queue = Queue()
    self.faults = faults
    self.queue = queue
    // The thread holds the queue and not this object, so that a store that nobody closed can still go.
    thread = NamedThread.start("store writer") {
      while let batch = queue.take() { queue.commit(batch[...], pool, faults) }
      // GRDB closes the connection that writes first, and the others could not empty the log: not fatal, but untidy.
      _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
      try? pool.close()
    }
  }

  /// False when the store is closed; else ``endRead()`` is owed.
  func beginRead() -> Bool {
    queue.state.withLock { state in
      if !state.isClosed { state.reads += 1 }
      return !state.isClosed
    }
  }

  func endRead() {
    let isLast = queue.state.withLock { state in
      state.reads -= 1
      return state.isClosed && state.reads == 0
    }
    if isLast { queue.wake.signal() }
  }

  func submit(_ write: Write) {
    let (refusal, isFirst) = queue.state.withLock { state -> (StoreError?, Bool) in
      if state.isClosed { return (faults.closed, false) }
      if let damage = state.damage { return (damage, false) }
      state.waiting.append(write)
      return (nil, state.waiting.count == 1)
    }
    if let refusal { write.refuse(refusal) }
    if isFirst { queue.wake.signal() }
  }

  func stop(because damage: StoreError) { queue.state.withLock { $0.damage = damage } }

  /// Lets what waits be written and takes nothing more.
  func close() {
    queue.state.withLock { $0.isClosed = true }
    queue.wake.signal()
  }

  private final class Queue: Sendable {
    let state = Mutex(State())
    /// Signalled when the first write waits, and for the end; the thread looks again before it waits.
    let wake = DispatchSemaphore(value: 0)

    /// Blocks until there is something to write; nil at the end.
    func take() -> [Write]? {
      while true {
        let (batch, isOver) = state.withLock { state in
          let batch = Array(state.waiting.prefix(largestBatch))
          state.waiting.removeFirst(batch.count)
          return (batch, state.isClosed && state.reads == 0)
        }
        if !batch.isEmpty { return batch }
        if isOver { return nil }
        wake.wait()
      }
    }

    /// First without a guard around each write, which costs two statements: nearly always all of them succeed.
    ///
    /// One that fails undoes the transaction, and all are performed again, each guarded.
    func commit(
      _ batch: ArraySlice<Write>, _ pool: DatabasePool, _ faults: StorageFaults, isGuarded: Bool = false
    ) {
      if let damage = state.withLock({ $0.damage }) {
        for write in batch { write.refuse(damage) }
        return
      }
      do {
        let acknowledgements = try pool.writeWithoutTransaction { database in
          var acknowledgements: [@Sendable () -> Void] = []
          try database.inTransaction(.immediate) {
            acknowledgements = try batch.map { try $0.run(database, isGuarded) }
            return .commit
          }
          return acknowledgements
        }
        for acknowledge in acknowledgements { acknowledge() }
      } catch {
        let fault = faults.error(error)
        if fault.code == .corrupt {
          state.withLock { $0.damage = fault }
          for write in batch { write.refuse(fault) }
        } else if !isGuarded {
          commit(batch, pool, faults, isGuarded: true)
        } else if batch.count == 1 {
          for write in batch { write.refuse(fault) }
        } else {
          // One write too many for the disk must not take the others with it.
          for index in batch.indices { commit(batch[index...index], pool, faults, isGuarded: true) }
        }
      }
    }
  }
}
