/// Turns whatever an action threw into the error that the host is told.
enum Failure {
  static func of(_ error: any Error) -> OperationError {
    switch error {
    case let error as OperationError: error
    case let error as PlatformError: error.operationError
    case is CancellationError: OperationError(.cancelled, "the operation was cancelled")
    case let error as DecodingError:
      OperationError(.upstream, "an answer of the platform \(InputDecoding.describe(error).problem)")
    default:
      // Only the type: an unknown error's text may hold anything.
      OperationError(.internal, "the connector failed with \(type(of: error))")
    }
  }
}
