// Synchronous and not inlined: what lies in the frame of an `async` function is memory of every operation that waits,
// and an effect or an answer is hundreds of bytes.
extension OperationRun {
  /// Pushes an effect; ``answer(to:)`` follows.
  private func push(_ effect: Effect) throws -> UInt64 {
    try Task.checkCancellation()
    return try inTurn().push(effect)
  }

  @inline(never) func push(http request: HTTPRequest) throws -> UInt64 {
    try Task.checkCancellation()
    return try inTurn().push(http: request)
  }

  @inline(never) func push(keyValue request: KeyValueRequest) throws -> UInt64 {
    try push(.keyValue(request))
  }

  @inline(never) func push(timer delay: Duration) throws -> UInt64 { try push(.timer(delay)) }
}

extension Answer {
  /// What came of an HTTP effect.
  @inline(never) func response(method: String, url: String) throws -> HTTPResponse {
    if case .response(let response) = self { return response }
    guard case .event(.http(let answer)) = self else {
      throw OperationError(.protocol, "the host answered an HTTP effect with another kind of event")
    }
    guard answer.outcome == .ok else {
      throw PlatformError(answer: answer, request: "\(method) \(url.withoutQuery)")
    }
    return HTTPResponse(answer)
  }

  /// What came of a key-value effect.
  @inline(never) func keyValue() throws -> KeyValueAnswer {
    guard case .event(.keyValue(let answer)) = self else {
      throw OperationError(.protocol, "the host answered a key-value effect with another kind of event")
    }
    return answer
  }
}

extension String {
  fileprivate var withoutQuery: Substring { prefix { $0 != "?" } }
}
