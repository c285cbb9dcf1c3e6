internal import ConnectorModel
internal import Jobs
internal import Manifest
internal import Operations
internal import Ports
internal import Synchronization

extension SyncRunner {
  /// One run of one stream, from its begin to what is stored of it.
  func perform(_ found: SyncState) async {
    let key = SyncKey(found)
    do throws(StoreError) {
      try await run(found, key)
    } catch {
      // A connection that was removed has nothing left to tell.
      if error.code != .notFound {
        observe(.storeFailed(error, doing: "syncing \(key.stream) of \(key.connection)"))
        let now = clock.unixNanoseconds
        book.withLock { $0.storeFailed(now: now) }
      }
    }
    // Asked for after its end was stored.
    if book.withLock({ $0.ended(key) }) {
      try? await store.setDue(
        connection: key.connection, tenant: found.tenant, stream: key.stream, at: clock.unixNanoseconds)
    }
  }

  private func run(_ found: SyncState, _ key: SyncKey) async throws(StoreError) {
    // What it was a moment ago: it may have been paused, replaced or removed since.
    guard let connection = try await store.connection(key.connection), connection.state.publishes,
      !connection.isPaused, let connector = registry.now.served[found.connector],
      let declaration = connector.manifest.sync[key.stream]
    else { return }
    let machine = SyncMachine(declaration)
    let started = clock.unixNanoseconds
    let state = machine.begun(found, now: started)
    _ = try await store.commit([], state, now: started)
    observe(.started(state))
    let intake = SyncIntake(state, schemas: connector.schemas, store: store, clock: clock)
    let request = OperationRequest(
      kind: .sync, name: key.stream, input: .json(state.input), connection: connection.connection,
      seed: UInt64.random(in: .min ... .max), attempt: UInt32(clamping: state.failures + 1), sink: intake,
      observe: { self.observe(.step(state, $0)) })
    let report = await driver.run(request, on: connector.hosted) { handle in
      switch self.book.withLock({ $0.attach(handle, to: key) }) {
      case .cancel: handle.cancel()
      case .suspend: handle.suspend()
      case nil: break
      }
    }
    let (ended, ending) = try await intake.close(
      report, order: book.withLock { $0.order(to: key) }, by: machine)
    observe(
      .ended(
        ended, ending, intake.tally, report, .nanoseconds(Int64(clamping: clock.unixNanoseconds - started))))
    if case .failed(let error) = ending, FailureClass(error) == .auth {
      if try await attention.need(key.connection, reason: error.advice) {
        observe(.needsAttention(ended, reason: error.advice))
      }
    }
  }
}

extension SyncState {
  /// What the connector is given.
  fileprivate var input: [UInt8] {
    var members: [String: JSONValue] = [:]
    if let cursor { members["cursor"] = .string(cursor) }
    if let since = window?.since { members["since"] = .string(Timestamp.text(since)) }
    if let until = window?.until { members["until"] = .string(Timestamp.text(until)) }
    // Made of texts: it can be written.
    return (try? StableJSON.encode(JSONValue.object(members))) ?? Array("{}".utf8)
  }
}
