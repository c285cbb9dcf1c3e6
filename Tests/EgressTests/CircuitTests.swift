import ConnectorModel
import Ports
import Testing

@testable import Egress

@Suite struct CircuitTests {
  private let start: UInt64 = 1_767_225_600_000_000_000

  private func failing(_ random: inout SplitMix64) -> Circuit {
    var circuit = Circuit()
    for _ in 0..<Circuit.threshold {
      if let pass = circuit.enter(now: start) { circuit.leave(pass, .failed, now: start, random: &random) }
    }
    return circuit
  }

  private func passes(_ circuit: inout Circuit, at time: UInt64) {
    let pass = circuit.enter(now: time)
    #expect(pass != nil)
  }

  private func isRefused(_ circuit: inout Circuit, at time: UInt64) {
    let pass = circuit.enter(now: time)
    #expect(pass == nil)
  }

  @Test func failuresInARowOpenItAndASuccessBetweenThemDoesNot() throws {
    var random = SplitMix64(seed: 1)
    var circuit = Circuit()
    for count in 1...(3 * Circuit.threshold) {
      let pass = try #require(circuit.enter(now: start) as Circuit.Pass?)
      circuit.leave(pass, count % Circuit.threshold == 0 ? .works : .failed, now: start, random: &random)
    }
    #expect(circuit.pause(now: start) == nil)
    #expect(circuit.isIdle)
    let open = failing(&random)
    let pause = try #require(open.pause(now: start))
    #expect(pause >= Circuit.pauses.first / 2 && pause <= Circuit.pauses.first)
  }

  @Test func oneRequestAtATimeFindsOutAndASuccessClosesIt() throws {
    var random = SplitMix64(seed: 2)
    var circuit = failing(&random)
    isRefused(&circuit, at: start)
    let later = try #require(circuit.opensAt)
    let probe = try #require(circuit.enter(now: later) as Circuit.Pass?)
    isRefused(&circuit, at: later)
    #expect(circuit.pause(now: later) == Circuit.probeWait)
    circuit.leave(probe, .works, now: later, random: &random)
    passes(&circuit, at: later)
    passes(&circuit, at: later)
  }

  @Test func eachFailedProbeDoublesThePauseUpToItsEnd() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var random = SplitMix64(seed: seed)
      var circuit = failing(&random)
      for round in 1...12 {
        let time = try #require(circuit.opensAt)
        let probe = try #require(circuit.enter(now: time) as Circuit.Pass?)
        circuit.leave(probe, .failed, now: time, random: &random)
        let pause = try #require(circuit.pause(now: time))
        let step = Circuit.pauses.step(round)
        #expect(pause >= step / 2 && pause <= step, "seed \(seed), round \(round)")
      }
    }
  }

  @Test func aProbeThatIsGivenUpLeavesItToTheNext() throws {
    var random = SplitMix64(seed: 3)
    var circuit = failing(&random)
    let later = try #require(circuit.opensAt)
    let probe = try #require(circuit.enter(now: later) as Circuit.Pass?)
    circuit.leave(probe, .unclear, now: later, random: &random)
    passes(&circuit, at: later)
  }

  @Test func whatBeganBeforeSaysNothingAfter() throws {
    var random = SplitMix64(seed: 4)
    var circuit = Circuit()
    let passes = try (0..<30).map { _ in try #require(circuit.enter(now: start) as Circuit.Pass?) }
    for pass in passes.prefix(Circuit.threshold) { circuit.leave(pass, .failed, now: start, random: &random) }
    let opens = circuit.opensAt
    for pass in passes.dropFirst(Circuit.threshold) {
      circuit.leave(pass, Bool.random(using: &random) ? .works : .failed, now: start, random: &random)
    }
    #expect(circuit.opensAt == opens)
    #expect(circuit.failures == Circuit.threshold)
  }

  @Test func aClockThatIsSetBackDoesNotKeepItOpenForLonger() throws {
    var random = SplitMix64(seed: 5)
    var circuit = failing(&random)
    let early = start - 3600 * 1_000_000_000
    isRefused(&circuit, at: early)
    #expect(try #require(circuit.pause(now: early)) <= Circuit.pauses.last)
  }

  @Test func hostsAreKeptApartAndForgottenWhenTheyWork() throws {
    var random = SplitMix64(seed: 6)
    var circuits = Circuits()
    for _ in 0..<Circuit.threshold {
      let pass = try #require(circuits.enter("https://a", now: start) as Circuits.Pass?)
      circuits.leave(pass, .failed, now: start, random: &random)
    }
    #expect(circuits.pause("https://a", now: start) != nil)
    let one = try #require(circuits.enter("https://b", now: start) as Circuits.Pass?)
    let two = try #require(circuits.enter("https://b", now: start) as Circuits.Pass?)
    circuits.leave(one, .works, now: start, random: &random)
    circuits.leave(two, .failed, now: start, random: &random)
    #expect(circuits.states.map(\.origin) == ["https://a", "https://b"])
    #expect(circuits.states.map(\.failures) == [Circuit.threshold, 1])
    let three = try #require(circuits.enter("https://b", now: start) as Circuits.Pass?)
    circuits.leave(three, .works, now: start, random: &random)
    #expect(circuits.states.map(\.origin) == ["https://a"])
  }
}
