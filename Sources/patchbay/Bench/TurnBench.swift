internal import ConnectorModel
internal import Ports

/// What turns cost on one thread, with nothing behind them: `begin`, `resume` and so on, `end`, again and again.
///
/// In CPU time, which on an idle machine is the time that passes: other programs do not count.
struct TurnBench {
  let instance: any StepConnector

  private static let batch = 4_000

  /// Nanoseconds a turn of operations with so many requests, by batches; blocks.
  func run(turns: Int, requests: Int) throws -> Quantiles {
    let start = BenchConnector.start(requests: requests)
    let operations = Self.batch / (requests + 1)
    var batches: [Double] = []
    for number in 0...max(1, turns / Self.batch) {
      let began = ProcessFigures.cpuTime
      for _ in 0..<operations { try operation(start) }
      let took = ProcessFigures.cpuTime - began
      // The first one fills caches.
      if number > 0 { batches.append(took / .nanoseconds(1) / Double(operations * (requests + 1))) }
    }
    return Quantiles(batches)
  }

  private func operation(_ start: OperationStart) throws {
    var turn = Turn(
      unixNanoseconds: 1, firstEffect: 1, effectAllowance: 64, emitAllowance: 64,
      random: SplitMix64(seed: 1))
    var (operation, record) = instance.begin(start, turn)
    while let under = operation, case .effect(let id, .http)? = record.pushes.first {
      turn.unixNanoseconds += 1_000
      turn.firstEffect = id + 1
      turn.random = record.random
      record = under.resume([Event(effect: id, .http(BenchConnector.answer))], turn)
      if record.pushes.isEmpty { operation = nil }
    }
    guard let operation, case .complete? = record.pushes.last, record.violations.isEmpty else {
      throw CommandFailure(sentence: "the connector did not end: \(record)")
    }
    operation.end()
  }
}
