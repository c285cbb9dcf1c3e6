// Synchronous and not inlined: what lies in the frame of an `async` function is memory of every operation that waits,
// and an effect or an answer is hundreds of bytes.
extension OperationRun {
  /// Pushes an effect; ``wait(for:)`` follows.
  private func push(_ effect: Effect) throws -> UInt64 {
    try Task.checkCancellation()
    return try inTurn().push(effect)
  }

  @inline(never) func push(http request: HTTPRequest) throws -> UInt64 { try push(.http(request)) }

  @inline(never) func push(keyValue request: KeyValueRequest) throws -> UInt64 {
    try push(.keyValue(request))
  }

  @inline(never) func push(timer delay: Duration) throws -> UInt64 { try push(.timer(delay)) }

  @inline(never) func dropResult(of id: UInt64) { _ = takeResult(of: id) }

  /// What came of an HTTP effect after its wait.
  @inline(never) func takeResponse(of id: UInt64, to request: HTTPRequest) throws -> HTTPResponse {
    guard case .http(let answer) = takeResult(of: id) else {
      throw OperationError(.protocol, "the host answered an HTTP effect with another kind of event")
    }
    guard answer.outcome == .ok else {
      throw PlatformError(answer: answer, request: "\(request.method) \(request.url.withoutQuery)")
    }
    return HTTPResponse(answer)
  }

  /// What came of a key-value effect after its wait.
  @inline(never) func takeAnswer(of id: UInt64) throws -> KeyValueAnswer {
    guard case .keyValue(let answer) = takeResult(of: id) else {
      throw OperationError(.protocol, "the host answered a key-value effect with another kind of event")
    }
    return answer
  }
}

extension String {
  fileprivate var withoutQuery: Substring { prefix { $0 != "?" } }
}
