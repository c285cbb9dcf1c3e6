internal import ConnectorModel
internal import Jobs
internal import Manifest
internal import Operations
internal import Ports
internal import Synchronization

/// Reads the streams that are due: finds them, runs them as operations, a few at a time, and stores what they say.
///
/// ``run()`` is its whole life; everything else may be called from anywhere, at any time.
final class SyncRunner: Sendable {
  /// How long a suspended run may take to come to its end.
  private static let suspendGrace = Duration.seconds(2)
  /// Streams that are added in one transaction.
  private static let discoveryStep = 500

  let store: any Store
  let registry: ConnectorRegistry
  let driver: OperationDriver
  let clock: any HostClock
  let attention: ConnectionAttention
  let observe: @Sendable (SyncEvent) -> Void
  let book: Mutex<SyncBook>
  private let bell = Doorbell()
  private let ends = Doorbell()
  private let mustDiscover = Atomic(true)

  /// - Parameters:
  ///   - capacity: how many run side by side.
  ///   - observe: called on any thread; must not block.
  init(
    store: any Store, registry: ConnectorRegistry, driver: OperationDriver, clock: any HostClock,
    capacity: Int,
    observe: @escaping @Sendable (SyncEvent) -> Void
  ) {
    self.store = store
    self.registry = registry
    self.driver = driver
    self.clock = clock
    attention = ConnectionAttention(store: store, clock: clock)
    self.observe = observe
    book = Mutex(SyncBook(capacity: capacity))
  }

  /// Works until ``stop(within:)``; a cancelled task stops it at once.
  func run() async {
    await withTaskCancellationHandler {
      while !book.withLock({ $0.isStopping }) {
        let next = await look()
        let now = clock.unixNanoseconds
        await bell.wait(atMost: .nanoseconds(Int64(clamping: next > now ? next - now : 0)), on: clock)
      }
    } onCancel: {
      book.withLock { $0.stop() }
      for handle in book.withLock({ $0.suspendAll() }) { handle.suspend() }
      bell.ring()
    }
  }

  /// Something may be due.
  ///
  /// - Parameter discovering: connections or connectors came that may have streams which nobody knows yet.
  func wake(discovering: Bool = false) {
    if discovering { mustDiscover.store(true, ordering: .relaxed) }
    bell.ring()
  }

  /// Begins nothing any more, waits for what runs, and puts the rest aside after `limit`; each goes on from its last
  /// checkpoint.
  func stop(within limit: Duration) async {
    book.withLock { $0.stop() }
    bell.ring()
    await waitForEnds(until: limit.after(clock.unixNanoseconds))
    for handle in book.withLock({ $0.suspendAll() }) { handle.suspend() }
    await waitForEnds(until: Self.suspendGrace.after(clock.unixNanoseconds))
  }

  private func waitForEnds(until end: UInt64) async {
    while !book.withLock({ $0.isIdle }) {
      let now = clock.unixNanoseconds
      guard now < end else { return }
      await ends.wait(atMost: .nanoseconds(Int64(clamping: end - now)), on: clock)
    }
  }

  /// Ends what runs of a connection that pauses or goes.
  func cancel(connection: String) {
    for handle in book.withLock({ $0.cancel(connection: connection) }) { handle.cancel() }
  }

  // MARK: Looking

  /// Begins what is due.
  ///
  /// - Returns: when to look again.
  private func look() async -> UInt64 {
    do {
      let streams = try await streams()
      if mustDiscover.exchange(false, ordering: .relaxed) { try await discover(streams) }
      let now = clock.unixNanoseconds
      let running = book.withLock { $0.running.count }
      var candidates: [SyncState] = []
      for name in streams.keys {
        candidates += try await store.nextSyncs(
          connector: name.connector, stream: name.stream, limit: book.withLock { $0.capacity } + running + 1)
      }
      let (chosen, next) = book.withLock { book in
        (book.choose(from: candidates, now: now), book.nextLook(at: candidates, now: now))
      }
      for state in chosen {
        Task {
          await self.perform(state)
          self.bell.ring()
          self.ends.ring()
        }
      }
      return next
    } catch {
      observe(.storeFailed(error, doing: "looking for streams that are due"))
      let now = clock.unixNanoseconds
      book.withLock { $0.storeFailed(now: now) }
      return Duration.seconds(5).after(now)
    }
  }

  /// Every stream that may be read now.
  private func streams() async throws(StoreError) -> [StreamName: SyncMachine] {
    let pauses = Set(try await store.pauses())
    var streams: [StreamName: SyncMachine] = [:]
    guard !pauses.contains(.everything) else { return streams }
    for (id, connector) in registry.now.served
    where connector.hosted.health.failure == nil && !pauses.contains(.connector(id)) {
      for (stream, declaration) in connector.manifest.sync {
        streams[StreamName(connector: id, stream: stream)] = SyncMachine(declaration)
      }
    }
    return streams
  }

  private func discover(_ streams: [StreamName: SyncMachine]) async throws(StoreError) {
    do {
      for (name, machine) in streams {
        var owners: [SyncOwner]
        repeat {
          owners = try await store.connections(
            of: name.connector, withoutStream: name.stream, limit: Self.discoveryStep)
          let now = clock.unixNanoseconds
          try await store.add(
            owners.map { machine.first($0, connector: name.connector, stream: name.stream, now: now) })
        } while owners.count == Self.discoveryStep
      }
    } catch {
      mustDiscover.store(true, ordering: .relaxed)
      throw error
    }
  }

  struct StreamName: Hashable {
    var connector: String
    var stream: String
  }
}
