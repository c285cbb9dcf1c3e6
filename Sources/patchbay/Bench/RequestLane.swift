internal import ConnectorModel
internal import Egress
internal import Manifest
internal import Ports
internal import Secrets
internal import Synchronization

/// A way for the same request again and again.
protocol RequestLane: Sendable {
  /// Tells once whether it was answered with 200, never inline.
  func send(_ done: @escaping @Sendable (_ isFine: Bool) -> Void)
}

/// Through everything that guards the network.
struct EgressLane: RequestLane {
  private let egress: Egress
  private let request: HTTPRequest
  private let scope = OperationScope(
    operation: "bench", connection: Connection(id: "con_bench", accountID: "a1b2c3"), deadline: .max)

  init(base: String, path: String, transport: any Transport) {
    let bearer = AuthProfile(alternatives: [AuthProfile.Alternative(kind: .apiKey, inject: .bearer)])
    let manifest = Manifest(
      id: "bench", name: "Bench",
      endpoints: ["api": Manifest.Endpoint(bases: [base], methods: ["GET"], auth: ["default"])],
      auth: ["default": bearer],
      errors: [ErrorRule(status: 404, then: .notFound)])
    egress = Egress(
      manifest: manifest, tokens: OneToken(), transport: transport, clock: SystemClock(), seed: 1)
    request = HTTPRequest(
      method: "GET", url: path, endpoint: "api", auth: "default",
      headers: [HeaderField("Accept", "application/json")])
  }

  func send(_ done: @escaping @Sendable (Bool) -> Void) {
    _ = egress.perform(request, for: scope) { done($0.answer.status == 200) }
  }

  private struct OneToken: TokenSource {
    private static let token = Token(secret: Secret("bench-secret-0123456789abcdef"), alternative: 0)

    func token(connection: String, profile: String) async throws(TokenFailure) -> Token { Self.token }

    func refresh(
      connection: String, profile: String, after generation: UInt64
    ) async throws(TokenFailure) -> Token? { nil }
  }
}

/// Through libcurl and nothing else.
struct TransportLane: RequestLane {
  private let transport: any Transport
  private let request: TransportRequest

  init(transport: any Transport, url: String) {
    self.transport = transport
    request = TransportRequest(
      method: "GET", url: url,
      headers: [
        HeaderField("Accept", "application/json"), HeaderField("User-Agent", "patchbay (bench/1.0.0)"),
        HeaderField("Authorization", "Bearer bench-secret-0123456789abcdef"),
      ], body: nil, isWrite: false, timeout: .seconds(30), maximumResponse: 8 << 20)
  }

  func send(_ done: @escaping @Sendable (Bool) -> Void) {
    _ = transport.start(request) { result in
      if case .answered(let answer) = result { done(answer.status == 200) } else { done(false) }
    }
  }
}

/// Keeps so many requests under way: the answer of one sends the next.
final class RequestMill: Sendable {
  private let lane: any RequestLane
  private let atOnce: Int
  private let done = Atomic(0)
  private let failed = Atomic(0)
  private let isStopping = Atomic(false)
  private let finish: BenchFinish

  init(_ lane: any RequestLane, _ atOnce: Int) {
    self.lane = lane
    self.atOnce = atOnce
    finish = BenchFinish(atOnce)
  }

  var counts: (done: Int, failed: Int) { (done.load(ordering: .relaxed), failed.load(ordering: .relaxed)) }

  func start() {
    for _ in 0..<atOnce { send() }
  }

  /// Lets what is under way come to its end.
  func stop() async {
    isStopping.store(true, ordering: .relaxed)
    await finish.wait()
  }

  private func send() {
    lane.send { [self] isFine in
      done.add(1, ordering: .relaxed)
      if !isFine { failed.add(1, ordering: .relaxed) }
      if isStopping.load(ordering: .relaxed) { finish.count() } else { send() }
    }
  }
}
