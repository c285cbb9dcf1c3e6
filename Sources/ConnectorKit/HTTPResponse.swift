/// A complete answer of the platform.
public struct HTTPResponse: Sendable, Equatable {
  public let status: Int
  /// Names in lower case.
  public let headers: [HeaderField]
  public let body: Payload

  init(_ answer: HTTPAnswer) {
    status = answer.status
    headers = answer.headers
    body = answer.body
  }

  /// Where the host keeps the body, for a request with option `toBlob`; nil when it is inline.
  ///
  /// Good for bodies of later requests of the operation.
  public var blob: BlobRange? {
    guard case .blob(let range, _) = body else { return nil }
    return range
  }

  /// The body as a value.
  ///
  /// - Throws: `OperationError` with code `upstream` when the body is not that.
  public func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    do {
      return try StableJSON.decode(type, from: body.inlineBytes ?? [])
    } catch let error as DecodingError {
      let (pointer, problem) = InputDecoding.describe(error)
      throw OperationError(
        .upstream, "the platform's answer \(pointer.isEmpty ? "" : "at \(pointer) ")\(problem)",
        httpStatus: status)
    }
  }
}
