package import ConnectorModel
package import Manifest
package import Ports
internal import Secrets
internal import Synchronization

/// The only door to the network: performs a connector's requests under its manifest's rules.
///
/// One per loaded manifest; safe from any thread.
package final class Egress: HTTPPerformer {
  let manifest: Manifest
  let tokens: any TokenSource
  let transport: any Transport
  let clock: any HostClock
  let gate: LimitGate
  let allowList: AllowList
  let injector: AuthInjector
  let classifier: ResponseClassifier
  let userAgent: String
  private let captured = Mutex(CapturedSecrets())
  private let circuits = Mutex(Circuits())
  private let random: Mutex<SplitMix64>

  /// - Parameters:
  ///   - seed: where the jitter of back-off comes from.
  ///   - former: what this one replaces. As long as both have the same limits they keep one book of them, and else the
  ///     new book begins with what was sent: the platform knows nothing of a reload.
  ///   - counted: what was sent before this process; not read where there is a former one.
  package init(
    manifest: Manifest, tokens: any TokenSource, transport: any Transport, clock: any HostClock, seed: UInt64,
    replacing former: Egress? = nil, counted: [RateCount] = []
  ) {
    self.manifest = manifest
    self.tokens = tokens
    self.transport = transport
    self.clock = clock
    let shared = former.flatMap { $0.manifest.limits == manifest.limits ? $0.gate : nil }
    gate = shared ?? LimitGate(clock: clock)
    if shared == nil {
      let now = clock.unixNanoseconds
      gate.take(
        former?.rateCounts(now: now) ?? counted, declared: manifest.limits.buckets, now: now)
    }
    injector = AuthInjector(profiles: manifest.auth)
    allowList = AllowList(
      endpoints: manifest.endpoints, taken: injector.headerNames, limits: manifest.limits)
    userAgent = "patchbay (\(manifest.id)/\(manifest.version))"
    classifier = ResponseClassifier(
      platform: manifest.name, rules: manifest.errors, fields: manifest.errorFields)
    random = Mutex(SplitMix64(seed: seed))
  }

  package func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    let task = Task { deliver(await Exchange(request, over: self, for: operation).run()) }
    return Cancellation { task.cancel() }
  }

  package func isWrite(_ request: HTTPRequest, of connection: Connection) -> Bool {
    // What is refused is never sent.
    (try? allowList.destination(of: request, variables: connection.variables))?.isWrite ?? false
  }

  /// Forgets the secrets that an operation captured.
  ///
  /// To be called once, after its last delivery.
  package func operationEnded(_ operation: String) {
    captured.withLock { $0.close(operation) }
  }

  /// What every bucket knows; one that nobody uses now is told with an empty subject.
  ///
  /// - Parameters:
  ///   - now: nanoseconds since 1970.
  ///   - isVisible: whether whoever asks may see a bucket that somebody uses.
  package func limits(
    now: UInt64, isVisible: (BucketState) -> Bool = { _ in true }
  ) -> [BucketState] {
    let used = gate.states(now: now).filter(isVisible)
    let unused = manifest.limits.buckets.filter { bucket in !used.contains { $0.name == bucket.key } }
    let idle = unused.flatMap { name, declared in
      LimitBucket(declared).states(LimitKey(bucket: name, subject: ""), now: now)
    }
    return (used + idle).sorted {
      ($0.name, $0.subject, $0.kind.rawValue) < ($1.name, $1.subject, $1.kind.rawValue)
    }
  }

  /// What was sent under rates with windows of a minute and more, and still counts.
  package func rateCounts(now: UInt64) -> [RateCount] { gate.rateCounts(now: now) }

  /// Hosts where something failed lately, left alone or not.
  package var troubledHosts: [CircuitState] { withCircuits { circuits in circuits.states } }

  /// Schemes, hosts and ports that a connection's requests go to first.
  package func origins(of connection: Connection) -> Set<String> {
    allowList.origins(connection.variables)
  }

  /// Asks or tells the circuits of the hosts.
  func withCircuits<Result: Sendable>(_ body: (inout Circuits) -> Result) -> Result {
    circuits.withLock { circuits in body(&circuits) }
  }

  /// Reads or changes the captured secrets.
  func withCaptured<Result: Sendable>(_ body: (inout CapturedSecrets) -> Result) -> Result {
    captured.withLock { secrets in body(&secrets) }
  }

  /// Draws from the one generator that all jitter comes from.
  func withRandom<Result: Sendable>(_ body: (inout SplitMix64) -> Result) -> Result {
    random.withLock { generator in body(&generator) }
  }
}
