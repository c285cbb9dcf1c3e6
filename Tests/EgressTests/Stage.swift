import ConnectorModel
import Manifest
import Ports

@testable import Egress

/// An edge with a scripted network and a clock that moves when asked.
struct Stage {
  let clock = VirtualClock()
  let transport: ScriptedTransport
  let egress: Egress
  var scope: OperationScope

  init(
    _ script: [ScriptedTransport.Line], manifest: Manifest = .sample(), tokens: StubTokens = StubTokens(),
    seed: UInt64 = 1, replacing former: Stage? = nil, counted: [RateCount] = []
  ) {
    transport = ScriptedTransport(script)
    egress = Egress(
      manifest: manifest, tokens: tokens, transport: transport, clock: clock, seed: seed,
      replacing: former?.egress, counted: counted)
    scope = OperationScope(
      operation: "op", connection: Connection(id: "con_1"),
      deadline: clock.unixNanoseconds + 300 * 1_000_000_000)
  }

  /// Performs a request while `timers` waits pass in no time.
  func perform(_ request: HTTPRequest, skippingWaits timers: Int = 0) async -> PerformedHTTP {
    async let performed = withCheckedContinuation { waiter in
      _ = egress.perform(request, for: scope) { waiter.resume(returning: $0) }
    }
    for _ in 0..<timers {
      await clock.waitForTimers(1)
      clock.advanceToNextTimer()
    }
    return await performed
  }

  static func get(_ url: String = "/x", auth: String = "default") -> HTTPRequest {
    HTTPRequest(method: "GET", url: url, endpoint: "api", auth: auth)
  }

  static func post(_ url: String = "/x", body: String = "{}", auth: String = "default") -> HTTPRequest {
    HTTPRequest(method: "POST", url: url, endpoint: "api", auth: auth, body: .json(Array(body.utf8)))
  }
}
