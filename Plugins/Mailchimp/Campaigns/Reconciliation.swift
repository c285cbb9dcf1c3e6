import ConnectorKit

extension OperationError {
  /// The platform looked at the request and did not want it, so that it had no effect.
  var isRefusal: Bool { [.invalidInput, .invalidState, .conflict, .policy].contains(code) }

  /// What a look at the platform finds out about this unknown outcome.
  ///
  /// - Throws: this error when the look itself fails, since then the outcome stays unknown.
  func settled<Value>(by look: () async throws -> Value) async throws -> Value {
    do {
      return try await look()
    } catch is OperationError {
      throw self
    }
  }
}

extension Identifier {
  /// Makes every error of `body`, cancellation included, name what it left behind.
  func naming<Value>(_ what: String = "campaign", _ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch is CancellationError {
      throw try named(what, OperationError(.cancelled, "the operation was cancelled"))
    } catch let error as OperationError {
      throw try named(what, error)
    }
  }

  private func named(_ what: String, _ error: OperationError) throws -> OperationError {
    var error = error
    error.message += "; the \(what) is \(self)"
    if error.detail.isEmpty { error.detail = try StableJSON.encode(["\(what)Id": self]) }
    return error
  }
}
