import ConnectorModel
import Ports
import Synchronization

@testable import Sandbox

/// The sandbox's Mailchimp without a socket: what every life of a host talks to.
final class MailchimpSimulator: Sendable {
  private struct State {
    var platform = Mailchimp(seed: 1)
    var wire: [String] = []
  }

  private let state = Mutex(State())

  /// Campaigns that were really sent.
  var sends: Int { state.withLock { $0.platform.sends.count } }
  var campaigns: Int { state.withLock { $0.platform.campaigns.count } }
  var scheduled: Int {
    state.withLock { state in
      state.platform.campaigns.filter { if case .scheduled = $0.stage { true } else { false } }.count
    }
  }
  func hasMember(_ address: String) -> Bool {
    state.withLock {
      $0.platform.lists.contains { list in list.members.contains { $0.email == address } }
    }
  }
  /// Every request in full, secrets aside.
  var wire: [String] { state.withLock { $0.wire } }

  func answer(_ request: TransportRequest, at now: UInt64) -> TransportAnswer {
    let rest = request.url.dropFirst("https://".count)
    let host = String(rest.prefix { $0 != "/" })
    let target = rest.dropFirst(host.count)
    let path = String(target.prefix { $0 != "?" })
    let seen = SandboxRequest(
      method: request.method, host: host, path: path, queryText: String(target.dropFirst(path.count + 1)),
      headers: request.headers.map { NamedText($0.name, $0.value) },
      body: (try? request.body?.wireBytes()) ?? [])
    // Whatever URL a webhook has answers a GET.
    let moment = Moment(now: SandboxInstant(milliseconds: Int64(now / 1_000_000)), probeStatus: 200)
    let answer = state.withLock { state in
      state.wire.append(
        "\(request.method) \(request.url) \(String(decoding: (try? request.body?.wireBytes()) ?? [], as: UTF8.self))"
      )
      return state.platform.respond(to: seen, in: moment)
    }
    return TransportAnswer(
      status: answer.status, headers: answer.headers.map { HeaderField($0.name.lowercased(), $0.value) },
      body: answer.body)
  }
}

/// The way to it in one life, below the host's edge.
struct LifeTransport: Transport {
  let life: Life
  let clock: any HostClock
  let simulator: MailchimpSimulator

  func start(
    _ request: TransportRequest, done: @escaping @Sendable (TransportResult) -> Void
  ) -> Cancellation {
    let isSent = life.pass()
    let answer = isSent ? simulator.answer(request, at: clock.unixNanoseconds) : nil
    if let answer, life.pass() {
      Task { done(.answered(answer)) }
    } else {
      // Nobody hears it; the task that waits for it must end.
      Task { done(.failed(TransportFailure(kind: .cancelled, requestMayHaveLeft: true, message: "killed"))) }
    }
    return .none
  }
}
