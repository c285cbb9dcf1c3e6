import ConnectorModel
import Ports
import Testing

@testable import Operations

/// One job over as many lives of its host as it takes.
struct Lives: Sendable {
  let name: String
  var input: [UInt8] = Array("{}".utf8)
  var connection = Connection(id: "con_1", variables: ["dc": "us19"])
  var seed: UInt64 = 7
  /// The connector and its door to the network, for one life.
  let connector: @Sendable (Life, any HostClock) -> HostedConnector
  let threads: TurnThreads

  struct Ending {
    var report: OperationReport
    var file: JournalFile
    var lives: Int
    /// What was stored when the first life ended.
    var firstRows: [JournalRow]
  }

  struct TooManyLives: Error {}

  /// Runs the job; the nth life is killed at the nth point, later ones live on.
  func run(killedAt points: [Int], file: JournalFile = JournalFile()) async throws -> Ending {
    var now: UInt64 = 1_767_225_600_000_000_000
    var firstRows: [JournalRow]?
    for number in 0..<(points.count + 20) {
      let life = Life(killedAt: number < points.count ? points[number] : 0)
      let clock = LifeClock(life, at: now)
      let driver = OperationDriver(
        threads: threads, clock: clock, keyValues: LifeKeyValues(life: life, file: file),
        digest: ShortDigest.of)
      let end = await life.run(try request(file, life), on: connector(life, clock), by: driver)
      now = clock.unixNanoseconds + 1_000_000_000
      let rows = firstRows ?? file.rows
      firstRows = rows
      guard case .reported(let report) = end else { continue }
      switch report.outcome {
      case .parked(let until, _): now = max(now, until)
      case .suspended: continue
      case .succeeded, .failed, .fenced:
        return Ending(report: report, file: file, lives: number + 1, firstRows: rows)
      }
    }
    throw TooManyLives()
  }

  func request(_ file: JournalFile, _ life: Life) throws -> OperationRequest {
    let journal = LifeJournal(file: file, life: life)
    if !file.rows.isEmpty {
      return OperationRequest(
        resuming: try OperationReplay(file.entries), connection: connection, journal: journal)
    }
    return OperationRequest(
      name: name, input: .json(input), connection: connection, seed: seed, idempotencyKey: "key-1",
      journal: journal)
  }

  /// Runs a job once for each point at which it can be killed, until a life passes none.
  ///
  /// - Returns: how many points there were.
  static func killedEverywhere(
    _ run: (_ point: Int) async throws -> Ending, check: (_ point: Int, Ending) -> Void
  ) async throws -> Int {
    for point in 1..<1_000 {
      let ending = try await run(point)
      check(point, ending)
      if ending.lives == 1 { return point - 1 }
    }
    throw TooManyLives()
  }
}
