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
  /// Makes every error of `body`, cancellation included, name the campaign it left behind.
  func naming<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch is CancellationError {
      throw try named(OperationError(.cancelled, "the operation was cancelled"))
    } catch let error as OperationError {
      throw try named(error)
    }
  }

  private func named(_ error: OperationError) throws -> OperationError {
    var error = error
    error.message += "; the campaign is \(self)"
    if error.detail.isEmpty { error.detail = try StableJSON.encode(["campaignId": self]) }
    return error
  }
}
