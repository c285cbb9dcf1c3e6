internal import ConnectorModel
internal import Ports

/// What turns cost on one thread, with nothing behind them: `begin`, `resume`, `end`, again and again.
struct TurnBench {
  let instance: any StepConnector

  private static let batch = 2_000

  /// Nanoseconds a turn, two turns an operation, by batches; blocks.
  func run(turns: Int) throws -> Quantiles {
    let start = BenchConnector.start(deadline: .max)
    let first = Turn(
      unixNanoseconds: 1, firstEffect: 1, effectAllowance: 64, emitAllowance: 64,
      random: SplitMix64(seed: 1))
    let second = Turn(
      unixNanoseconds: 2, firstEffect: 2, effectAllowance: 63, emitAllowance: 64,
      random: SplitMix64(seed: 2))
    var batches: [Double] = []
    for number in 0...max(1, turns / (2 * Self.batch)) {
      let began = ContinuousClock.now
      for _ in 0..<Self.batch { try operation(start, first, second) }
      let took = ContinuousClock.now - began
      // The first one fills caches.
      if number > 0 { batches.append(took / .nanoseconds(1) / Double(2 * Self.batch)) }
    }
    return Quantiles(batches)
  }

  private func operation(_ start: OperationStart, _ first: Turn, _ second: Turn) throws {
    let (operation, begun) = instance.begin(start, first)
    guard let operation, case .effect(let id, .http)? = begun.pushes.first else {
      throw CommandFailure(sentence: "the connector asked for nothing: \(begun)")
    }
    let ended = operation.resume([Event(effect: id, .http(BenchConnector.answer))], second)
    operation.end()
    guard case .complete? = ended.pushes.last, ended.violations.isEmpty else {
      throw CommandFailure(sentence: "the connector did not end: \(ended)")
    }
  }
}
