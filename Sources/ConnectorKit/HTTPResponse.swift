/// A complete answer of the platform.
public struct HTTPResponse: Sendable, Equatable {
  public let status: Int
  private let block: HeaderBlock
  public let body: Payload

  /// Names in lower case.
  ///
  /// Taken apart each time: keep it to look for several.
  public var headers: [HeaderField] { block.fields }

  init(_ answer: HTTPAnswer) {
    self.init(status: answer.status, headers: HeaderBlock(answer.headers), body: answer.body)
  }

  init(status: Int, headers: HeaderBlock, body: Payload) {
    self.status = status
    block = headers
    self.body = body
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
