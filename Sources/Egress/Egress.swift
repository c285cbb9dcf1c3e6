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
  let gate: ConcurrencyGate
  let allowList: AllowList
  let injector: AuthInjector
  let classifier: ResponseClassifier
  private let captured = Mutex(CapturedSecrets())
  private let random: Mutex<SplitMix64>

  /// - Parameter seed: where the jitter of back-off comes from.
  package init(
    manifest: Manifest, tokens: any TokenSource, transport: any Transport, clock: any HostClock, seed: UInt64
  ) {
    self.manifest = manifest
    self.tokens = tokens
    self.transport = transport
    self.clock = clock
    gate = ConcurrencyGate(clock: clock)
    allowList = AllowList(endpoints: manifest.endpoints)
    injector = AuthInjector(profiles: manifest.auth)
    classifier = ResponseClassifier(
      platform: manifest.name, rules: manifest.errors, fields: manifest.errorFields)
    random = Mutex(SplitMix64(seed: seed))
  }

  package func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    let task = Task { deliver(await Exchange(edge: self, request: request, scope: operation).run()) }
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

  /// Reads or changes the captured secrets.
  func withCaptured<Result: Sendable>(_ body: (inout CapturedSecrets) -> Result) -> Result {
    captured.withLock { secrets in body(&secrets) }
  }

  /// Draws from the one generator that all jitter comes from.
  func withRandom<Result: Sendable>(_ body: (inout SplitMix64) -> Result) -> Result {
    random.withLock { generator in body(&generator) }
  }
}
