internal import ArgumentParser
internal import ConnectorModel
internal import Egress
internal import Manifest
internal import Ports
internal import Secrets
internal import Synchronization

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay bench egress`: requests a second through the guarded way out.
struct BenchEgressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "egress",
    abstract: "Requests a second through Egress to a server on this machine, and the CPU of each.",
    discussion: """
      Everything that a connector's request passes is passed: allow-list, credentials, circuit,
      libcurl with its checked address, redaction, classification. --bare leaves all of it out but
      libcurl, so that the difference is what the rules cost. The server is yours; scripts/bench
      starts one, with wrk, Node and Python beside it.
      """)

  @Argument(help: "What to get, for instance https://localhost:8443/item.") var url: String
  @Option(name: .long, help: "Where the URL's host is.") var address = "127.0.0.1"
  @Option(name: .long, help: "A PEM file of the authority to trust.") var authority: String?
  @Option(name: .long, help: "How many at once.") var inFlight = 64
  @Option(name: .long, help: "For how long.") var seconds = 3.0
  @Flag(name: .long, help: "libcurl alone, without the rules.") var bare = false
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human

  struct Figures: Encodable {
    let perSecond: Double
    let cpuMicrosecondsEach: Double
    let requests: Int
    let failed: Int
  }

  func validate() throws {
    guard inFlight > 0, seconds > 0 else {
      throw ValidationError("--in-flight and --seconds take numbers over 0")
    }
  }

  func run() async throws {
    guard let parts = URL(string: url), let scheme = parts.scheme, let host = parts.host else {
      throw ValidationError("\(url) is no absolute URL")
    }
    let port = UInt16(clamping: parts.port ?? (scheme == "https" ? 443 : 80))
    let transport: CurlTransport
    do {
      transport = try CurlTransport(
        options: TransportOptions(
          connectTo: [ConnectMapping(host: host, port: port, address: address, addressPort: port)],
          certificateAuthority: authority))
    } catch {
      throw CommandFailure(sentence: "\(error)")
    }
    let lane: any RequestLane =
      bare
      ? TransportLane(transport: transport, url: url)
      : EgressLane(base: "\(scheme)://\(host):\(port)", path: parts.path, transport: transport)
    let figures = try await measure(lane)
    await transport.shutdown()
    switch format {
    case .json: try Output.json(figures)
    case .human:
      Output.line(
        "\(Int(figures.perSecond.rounded())) requests/s, \(inFlight) at once, "
          + "\(Int(figures.cpuMicrosecondsEach.rounded())) µs of CPU each"
          + (figures.failed == 0 ? "" : ", \(figures.failed) of \(figures.requests) failed"))
    }
  }

  private func measure(_ lane: any RequestLane) async throws -> Figures {
    let mill = RequestMill(lane, inFlight)
    let clock = SystemClock()
    mill.start()
    // Connections and caches.
    try await clock.sleep(for: .milliseconds(300))
    let (began, cpuAtStart, before) = (ContinuousClock.now, ProcessFigures.cpuTime, mill.counts)
    try await clock.sleep(for: .milliseconds(Int64(seconds * 1_000)))
    let (took, cpu, after) = (
      ContinuousClock.now - began, ProcessFigures.cpuTime - cpuAtStart, mill.counts
    )
    await mill.stop()
    let requests = after.done - before.done
    return Figures(
      perSecond: Double(requests) / (took / .seconds(1)),
      cpuMicrosecondsEach: cpu / .microseconds(1) / Double(max(1, requests)), requests: requests,
      failed: after.failed - before.failed)
  }
}
