package import ConnectorModel

/// Takes what an operation emits while it runs, turn by turn.
package protocol RecordSink: Sendable {
  /// Takes what one turn emitted, in its order; the next turn waits for `done`, and so does the next call.
  ///
  /// - Parameter done: called once, on any thread.
  func take(_ records: [OperationReport.Record], done: @escaping @Sendable (RecordVerdict) -> Void)
}

/// What became of a turn's records.
package enum RecordVerdict: Sendable, Equatable {
  /// The sink holds so many records of so many bytes, for which the operation has to leave room.
  ///
  /// - Parameter isProgress: what came before them is stored for good, and the operation may push anew as many
  ///   effects as one may.
  case taken(held: Int, bytes: Int, isProgress: Bool)
  /// The operation ends with this error.
  case refused(OperationError)
}

extension OperationMachine {
  /// The records of the turn that ended, on their way to the sink.
  mutating func handOver() -> [Action] {
    guard !handedOver.isEmpty else { return [] }
    isHandingOver = true
    defer { handedOver = [] }
    return [.handOver(handedOver)]
  }

  /// What the sink made of them.
  mutating func handedOver(_ verdict: RecordVerdict) -> [Action] {
    isHandingOver = false
    guard phase != .ended else { return [] }
    switch verdict {
    case .refused(let error): return decide(.failed(error))
    case .taken(let held, let bytes, let isProgress):
      (emitted, emittedBytes) = (held, bytes)
      if isProgress { pushedEffects = outstanding.count + queued.count }
      return proceed()
    }
  }
}
