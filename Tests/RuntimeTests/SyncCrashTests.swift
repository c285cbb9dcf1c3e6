import ConnectorModel
import Manifest
import Operations
import Ports
import Synchronization
import Testing

@testable import Runtime

/// A host that dies at every boundary between two things that a sync emits, and the next one on the same file.
@Suite(.serialized, .timeLimit(.minutes(10))) struct SyncCrashTests {
  /// Three pages: a b c |, d |, e f g |, and the end of the run.
  private static let boundaries = 0...10

  /// Passes on so many things, then dies: whoever waits for it waits for ever.
  private final class DyingSink: RecordSink {
    private let intake: SyncIntake
    private let left: Mutex<Int>
    let death: AsyncStream<Void>
    private let dies: AsyncStream<Void>.Continuation

    init(_ intake: SyncIntake, after count: Int) {
      self.intake = intake
      left = Mutex(count)
      (death, dies) = AsyncStream.makeStream()
    }

    func take(_ records: [OperationReport.Record], done: @escaping @Sendable (RecordVerdict) -> Void) {
      let part = left.withLock { left in
        defer { left = max(0, left - records.count) }
        return Array(records.prefix(left))
      }
      intake.take(part) { verdict in
        if part.count == records.count { done(verdict) } else { self.die() }
      }
    }

    func die() { dies.finish() }
  }

  @Test(arguments: boundaries) func nothingIsLostOrDoubled(boundary: Int) async throws {
    try await SyncBench.with(isWorking: false) { bench in
      let connection = try await bench.connect()
      let pages = [["a", "b", "c"], ["d"], ["e", "f", "g"]]
      for (number, names) in pages.enumerated() {
        let page: JSONValue = ["records": .array(names.map { SyncBench.item($0) })]
        try await bench.put(number, page, of: connection)
      }
      try await die(at: boundary, connection, bench)
      await bench.stop()

      let again = try await bench.reopened()
      let left = try await again.service.store.sync(connection: connection.id, stream: "items")
      let stored = try await again.records(connection).map(\.id)
      // The cursor and the records before it, or neither.
      switch left?.cursor {
      case nil: #expect(stored == [])
      case "1": #expect(stored == ["a", "b", "c"])
      case "2": #expect(stored == ["a", "b", "c", "d"])
      case "3": #expect(stored == ["a", "b", "c", "d", "e", "f", "g"])
      default: Issue.record("the cursor is \(left?.cursor ?? "-")")
      }
      let checkpoints = [4, 6, 10].count { $0 <= boundary }
      #expect(left?.cursor == (checkpoints == 0 ? nil : "\(checkpoints)"))

      again.pass(SyncBench.minute)
      let done = try await again.sync(connection, "succeeded").state
      #expect(done.runRecords == 7 - stored.count)
      #expect(done.coveredUntil == left?.window?.until)
      #expect(try await again.records(connection).map(\.id) == ["a", "b", "c", "d", "e", "f", "g"])
      await again.stop()
    }
  }

  /// Runs the stream as the runner does, with a sink that dies.
  private func die(at boundary: Int, _ connection: ConnectionRecord, _ bench: SyncBench) async throws {
    let service = bench.service
    let connector = try service.served("feed")
    let machine = SyncMachine(try #require(connector.manifest.sync["items"]))
    let now = bench.clock.unixNanoseconds
    let first = machine.first(
      SyncOwner(connection: connection.id, tenant: connection.tenant), connector: "feed", stream: "items",
      now: now)
    try await service.store.add([first])
    let state = machine.begun(first, now: now)
    _ = try await service.store.commit([], state, now: now)
    let intake = SyncIntake(state, schemas: connector.schemas, store: service.store, clock: bench.clock)
    let sink = DyingSink(intake, after: boundary)
    let request = OperationRequest(
      kind: .sync, name: "items", input: .json(Array("{}".utf8)), connection: connection.connection, seed: 1,
      sink: sink)
    // Its end is not stored either.
    service.syncRunner.driver.start(request, on: connector.hosted) { _ in sink.die() }
    for await _ in sink.death {}
  }
}
