internal import ConnectorModel
internal import Ports

/// One circuit for each host.
struct Circuits: Sendable {
  struct Pass: Sendable, Equatable {
    fileprivate var origin: String
    fileprivate var pass: Circuit.Pass
  }

  private var circuits: [String: Circuit] = [:]

  /// How long nothing passes to a host, nil when the next request may.
  func pause(_ origin: String, now: UInt64) -> Duration? { circuits[origin]?.pause(now: now) }

  /// - Returns: nil when nothing passes now.
  mutating func enter(_ origin: String, now: UInt64) -> Pass? {
    var circuit = circuits[origin] ?? Circuit()
    let pass = circuit.enter(now: now)
    circuits[origin] = circuit
    return pass.map { Pass(origin: origin, pass: $0) }
  }

  mutating func leave(_ pass: Pass, _ ending: Circuit.Ending, now: UInt64, random: inout SplitMix64) {
    circuits[pass.origin]?.leave(pass.pass, ending, now: now, random: &random)
    if circuits[pass.origin]?.isIdle ?? false { circuits[pass.origin] = nil }
  }

  var states: [CircuitState] {
    circuits.sorted { $0.key < $1.key }.map { origin, circuit in
      CircuitState(
        origin: origin, failures: circuit.failures, opensAt: circuit.opensAt, isProbing: circuit.isProbing)
    }
  }
}
