internal import ConnectorModel
internal import Ports
internal import Runtime
internal import Secrets
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif
#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// One run of chaos: a sandbox with faults, a host that is killed, and what became of every post.
struct ChaosRun: Sendable {
  let posts: Int
  let kills: Int
  let reloads: Int
  let connections: Int
  let seed: UInt64
  let directory: String
  let plugins: String
  let manifests: String

  private static let apiKey = "sandbox-us19"
  /// How long a host may take to work off what is left.
  private static let settleLimit = Duration.seconds(600)
  private let clock = SystemClock()
  /// Where the host finds libraries.
  private var swappable: String { directory + "/plugins" }

  private enum Round { case kill, reload }

  func run() async throws -> ChaosVerdict {
    var random = SplitMix64(seed: seed)
    for folder in [directory, directory + "/sandbox", directory + "/host", swappable] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    try FileManager.default.copyItem(
      atPath: "\(plugins)/\(LibrarySwap.name)", toPath: "\(swappable)/\(LibrarySwap.name)")
    let sandbox = try await start(
      ["sandbox", "--port", "0", "--tls-port", "0", "--seed", "\(seed)"], "sandbox")
    let platform = try APIClient(
      url: sandbox.ready["http"]?.text ?? "", key: Secret("none"), authority: nil)
    try await injectFaults(into: platform, &random)
    var host = try await startHost(on: sandbox)
    let key = host.ready["key"]?.text ?? ""
    var verdict = ChaosVerdict(posts: posts, seed: seed)
    let ids = try await connect(try client(of: host, key))
    let swap = LibrarySwap(plugins: swappable)

    var asked = 0
    let rounds = (Array(repeating: Round.kill, count: kills) + Array(repeating: .reload, count: reloads))
      .shuffled(using: &random)
    for (index, round) in rounds.enumerated() {
      // Work comes in as long as there are rounds to come, so that none meets an idle host.
      let target = posts * (index + 1) / rounds.count
      let span = asked..<target
      let client = try client(of: host, key)
      let posting = Task { await publish(span, over: ids, through: client) }
      try await clock.sleep(for: .milliseconds(Int64.random(in: 20...400, using: &random)))
      switch round {
      case .kill:
        try await host.end(SIGKILL)
        let accepted = try await count(await posting.value, in: &verdict)
        host = try await startHost(on: sandbox)
        // What was not acknowledged is asked for again, under the same keys.
        let missing = span.filter { !accepted.contains($0) }
        await publishUntilAccepted(missing, over: ids, through: try self.client(of: host, key))
      case .reload:
        try await swap.next(in: &verdict, through: client)
        let accepted = await posting.value
        await publishUntilAccepted(span.filter { !accepted.contains($0) }, over: ids, through: client)
      }
      asked = target
      progress(verdict, asked)
    }
    let client = try client(of: host, key)
    await publishUntilAccepted(Array(asked..<posts), over: ids, through: client)
    verdict.states = try await settle(client)
    verdict.count(platform: try await platform.send("GET", "/_sandbox/state/mailchimp"))
    try await host.end(SIGTERM)
    try await sandbox.end(SIGTERM)
    return verdict
  }

  /// Notes what a fallen host was in the middle of.
  private func count(_ accepted: Set<Int>, in verdict: inout ChaosVerdict) async throws -> Set<Int> {
    let journal = try await JournalCensus.take(state: directory + "/host")
    verdict.kills += 1
    if journal.openIntents > 0 { verdict.killsBetween += 1 }
    if journal.operations > 0 { verdict.killsDuringWork += 1 }
    return accepted
  }

  // MARK: Children

  private func start(_ arguments: [String], _ name: String) async throws -> ChildProgram {
    let environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("PATCHBAY_") }.map { "\($0.key)=\($0.value)" }
    return try await ChildProgram.start(
      arguments + ["--state", "\(directory)/\(name)"], log: "\(directory)/\(name).log",
      environment: environment)
  }

  private func startHost(on sandbox: ChildProgram) async throws -> ChildProgram {
    try await start(
      [
        "serve", manifests, "--plugins", swappable, "--http", "--port", "0", "--sandbox",
        sandbox.ready["tls"]?.text ?? "", "--sandbox-ca", sandbox.ready["ca"]?.text ?? "",
      ], "host")
  }

  private func client(of host: ChildProgram, _ key: String) throws -> APIClient {
    try APIClient(url: host.ready["url"]?.text ?? "", key: Secret(key), authority: nil)
  }

  // MARK: The platform's faults

  /// Cuts after an effect and before one, refusals and errors, spread over the run; every write is slow, so that
  /// most of a host's time lies between an intent and its result.
  private func injectFaults(into platform: APIClient, _ random: inout SplitMix64) async throws {
    let writes = [
      ("POST", "/3.0/campaigns"), ("PUT", "/3.0/campaigns/*/content"),
      ("POST", "/3.0/campaigns/*/actions/send"),
    ]
    let effects: [JSONValue] = [
      ["reset": "after"], ["reset": "after"], ["reset": "before"], ["reset": "middle"], ["status": 500],
      ["status": 429], ["truncate": true],
    ]
    for index in 0..<max(4, posts / 20) {
      let (method, path) = writes[index % writes.count]
      let effect = effects[Int.random(in: effects.indices, using: &random)]
      try await inject(
        [
          "method": .string(method), "path": .string(path), "times": 1,
          "skip": .integer(Int64.random(in: 0...8, using: &random)), "do": effect,
        ], into: platform)
    }
    for (method, path) in writes {
      try await inject(
        ["method": .string(method), "path": .string(path), "times": .null, "do": ["delayMs": 25]],
        into: platform)
    }
  }

  private func inject(_ fault: JSONValue, into platform: APIClient) async throws {
    _ = try await platform.send("POST", "/_sandbox/faults", fault)
  }

  // MARK: Work

  private func connect(_ client: APIClient) async throws -> [String] {
    var ids: [String] = []
    for _ in 0..<connections {
      let made = try await client.send(
        "POST", "/api/connections", ["platform": "mailchimp", "apiKey": .string(Self.apiKey)])
      ids.append(made["connectionId"]?.text ?? "")
    }
    return ids
  }

  /// Those that the host acknowledged before it fell.
  private func publish(_ span: Range<Int>, over ids: [String], through client: APIClient) async -> Set<Int> {
    var accepted: Set<Int> = []
    for number in span where await isAccepted(number, over: ids, through: client) { accepted.insert(number) }
    return accepted
  }

  private func publishUntilAccepted(_ numbers: [Int], over ids: [String], through client: APIClient) async {
    for number in numbers {
      while await !isAccepted(number, over: ids, through: client) {
        try? await clock.sleep(for: .milliseconds(50))
      }
    }
  }

  private func isAccepted(_ number: Int, over ids: [String], through client: APIClient) async -> Bool {
    let order: JSONValue = [
      "connectionId": .string(ids[number % ids.count]), "idempotencyKey": .string("post-\(number)"),
      "payload": [
        "audience": "a1b2c3d4e5", "subject": .string(ChaosVerdict.subject(number)), "fromName": "Chaos",
        "replyTo": "chaos@example.com", "html": "<p>Chaos *|UNSUB|*</p>", "send": "now",
      ],
    ]
    return (try? await client.send("POST", "/api/publish", order)) != nil
  }

  /// Waits until no job waits or runs, and counts them by state.
  private func settle(_ client: APIClient) async throws -> [String: Int] {
    let deadline = Self.settleLimit.after(clock.unixNanoseconds)
    while true {
      let depth = try await client.send("GET", "/api/health/queue")["jobs"] ?? .null
      var counts: [String: Int] = [:]
      for state in Job.State.allCases {
        if case .integer(let count)? = depth[state.rawValue] { counts[state.rawValue] = Int(count) }
      }
      let waiting = Job.State.allCases.filter { !$0.hasEnded }.reduce(0) { $0 + (counts[$1.rawValue] ?? 0) }
      if waiting == 0 || clock.unixNanoseconds > deadline { return counts }
      try await clock.sleep(for: .milliseconds(200))
    }
  }

  private func progress(_ verdict: ChaosVerdict, _ asked: Int) {
    let rounds = verdict.kills + verdict.reloads
    guard isatty(STDERR_FILENO) == 1 || rounds % 10 == 0 else { return }
    Output.error(
      "chaos: \(verdict.kills) of \(kills) kills, \(verdict.reloads) of \(reloads) reloads, "
        + "\(asked) of \(posts) posts asked for")
  }
}
