internal import ConnectorModel
internal import Ports
internal import Runtime

#if canImport(Glibc)
  internal import Glibc
#endif

/// Many publishes in flight on a platform that does not answer: what that costs the host.
struct InFlightBench: Sendable {
  struct Figures: Encodable {
    let asked: Int
    /// Requests that the platform has received and not answered.
    let inFlight: Int
    let before: ProcessFigures
    let during: ProcessFigures
  }

  let count: Int
  let host: HostArguments

  /// How long the platform keeps everybody waiting: longer than this takes.
  private static let delay = Duration.seconds(115)
  /// How long the requests may take to arrive.
  private static let patience = Duration.seconds(90)

  func run(_ format: OutputFormat) async throws {
    try raiseFileLimit()
    let stage = try await PublishStage.open(host, concurrency: count, withoutBuckets: true)
    do {
      let figures = try await measure(on: stage)
      switch format {
      case .json: try Output.json(figures)
      case .human:
        Output.line(
          "\(figures.inFlight) of \(figures.asked) in flight: \(figures.during.residentMiB) MiB resident, "
            + "\(figures.during.threads) threads (before: \(figures.before.residentMiB) MiB, "
            + "\(figures.before.threads) threads)")
      }
    } catch {
      await stage.close()
      throw error
    }
    await stage.close()
  }

  private func measure(on stage: PublishStage) async throws -> Figures {
    let connections = try await connect(on: stage)
    let milliseconds = Int64(Self.delay / .milliseconds(1))
    _ = try await stage.platform.send(
      "POST", "/_sandbox/faults",
      [
        // What a publish begins with: the host's own syncs ask for other things.
        "method": "POST", "path": "/3.0/campaigns", "times": .null,
        "do": ["delayMs": .integer(milliseconds)],
      ])
    let before = ProcessFigures.now()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<64 {
        group.addTask {
          for number in stride(from: caller, to: connections.count, by: 64) {
            _ = try await stage.publish(number, over: connections[number])
          }
        }
      }
      try await group.waitForAll()
    }
    var received = 0
    let clock = SystemClock()
    let deadline = Self.patience.after(clock.unixNanoseconds)
    while received < count, clock.unixNanoseconds < deadline {
      try await clock.sleep(for: .milliseconds(500))
      let faults = try await stage.platform.send("GET", "/_sandbox/faults")
      if case .integer(let hits)? = faults.elements?.first?["hits"] { received = Int(hits) }
    }
    return Figures(asked: count, inFlight: received, before: before, during: ProcessFigures.now())
  }

  /// A connection runs one job at a time, so each publish gets its own.
  private func connect(on stage: PublishStage) async throws -> [String] {
    let count = count
    return try await withThrowingTaskGroup(of: [String].self) { group in
      for caller in 0..<8 {
        group.addTask {
          var ids: [String] = []
          for _ in stride(from: caller, to: count, by: 8) { ids.append(try await stage.connect()) }
          return ids
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// Each request has its connection, and so has the child's end of it: children inherit the limit.
  private func raiseFileLimit() throws {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard limit.rlim_max > count + 500 else {
      throw CommandFailure(
        sentence: "this needs \(count + 500) open files, and the machine allows \(limit.rlim_max)", code: 2)
    }
  }
}
