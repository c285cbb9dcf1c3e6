internal import ArgumentParser
internal import Ports
internal import Runtime

/// `patchbay bench publish`: publishes on the sandbox, and where their time goes.
struct BenchPublishCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Publishes campaigns on a sandbox in a child process, and tells where their time goes.",
    discussion: """
      Times are milliseconds for one publish, which is five requests. The host's own time is
      what is left of an attempt without network, limiter and journal; "all but network" is
      accepted to published without network and limiter.
      """)

  @Option(name: .long, help: "How many publishes.") var posts = 500
  @Option(name: .long, help: "How many at once, each over a connection of its own.") var parallel = 1
  @Option(
    name: .long,
    help: "Instead: so many publishes in flight on a platform that does not answer; tells memory.")
  var inFlight: Int?
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human
  @OptionGroup var host: HostArguments

  func validate() throws {
    guard posts > 0, (1...8).contains(parallel), inFlight.map({ $0 > 0 }) ?? true else {
      throw ValidationError(
        "--posts and --in-flight take a number from 1, --parallel one from 1 to 8: the platform takes ten")
    }
  }

  func run() async throws {
    if let inFlight {
      return try await InFlightBench(count: inFlight, host: host).run(format)
    }
    let stage = try await PublishStage.open(host, concurrency: 256, withoutBuckets: false)
    do {
      let timings = try await measure(on: stage)
      try tell(timings)
    } catch {
      await stage.close()
      throw error
    }
    await stage.close()
  }

  private func measure(on stage: PublishStage) async throws -> PublishTimings {
    // The first publishes pay for connections and caches, and are not counted.
    try await publish(0..<parallel * 4, on: stage, into: nil)
    let timings = PublishTimings()
    let began = ContinuousClock.now
    let cpuAtStart = ProcessFigures.cpuTime
    try await publish(parallel * 4..<parallel * 4 + posts, on: stage, into: timings)
    timings.took = ContinuousClock.now - began
    timings.cpu = ProcessFigures.cpuTime - cpuAtStart
    return timings
  }

  /// So many callers, each of which waits for its publish to end before its next.
  private func publish(_ numbers: Range<Int>, on stage: PublishStage, into timings: PublishTimings?)
    async throws
  {
    let parallel = parallel
    try await withThrowingTaskGroup(of: [JobDetail].self) { group in
      for caller in 0..<parallel {
        group.addTask {
          let connection = try await stage.connect()
          var details: [JobDetail] = []
          for number in stride(from: numbers.lowerBound + caller, to: numbers.upperBound, by: parallel) {
            let id = try await stage.publish(number, over: connection)
            details.append(try await Self.end(of: id, on: stage))
          }
          return details
        }
      }
      for try await details in group { timings?.add(details) }
    }
  }

  private static func end(of id: String, on stage: PublishStage) async throws -> JobDetail {
    while true {
      let detail = try await stage.service.job(id, by: stage.principal)
      if detail.job.state.hasEnded { return detail }
      try await ContinuousClock().sleep(for: .milliseconds(2))
    }
  }

  private func tell(_ timings: PublishTimings) throws {
    switch format {
    case .json: try Output.json(timings.summary)
    case .human:
      Output.table(
        ["MILLISECONDS", "P50", "P95", "P99"], timings.rows.map { [$0.name] + Quantiles($0.values).cells })
      let summary = timings.summary
      Output.line(
        "\(summary.published) of \(summary.posts) published, \(Int(summary.perSecond.rounded())) a second, "
          + "\(parallel) at once, \(Quantiles([summary.cpuMillisecondsPerPublish]).cells[0]) ms of CPU each")
    }
  }
}
