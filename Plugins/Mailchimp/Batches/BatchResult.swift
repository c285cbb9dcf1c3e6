import ConnectorKit

/// One entry of a batch's archive.
struct BatchResult: Decodable {
  var status_code: Int
  var operation_id: String?
  /// JSON as text.
  var response: String?

  /// What the operation is told to have done.
  struct Output: Encodable {
    struct Failure: Encodable {
      /// As an error of a whole action would be classified.
      var code: String
      var title: String?
      var message: String
    }

    /// The operation's place in the input.
    var index: Int
    var id: String?
    /// Missing where the batch has no result for it.
    var status: Int?
    var response: JSONValue?
    var error: Failure?
  }

  func output(_ index: Int, _ operation: BatchOperation) -> Output {
    let bytes = Array((response ?? "").utf8)
    var output = Output(index: index, id: operation.id, status: status_code)
    guard !(200..<300).contains(status_code) else {
      output.response = try? StableJSON.decode(JSONValue.self, from: bytes).withoutLinks
      return output
    }
    // The manifest's rules see the batch's own answer only; a bare 403 is the limiter here too.
    let isLimit = status_code == 403 && bytes.isEmpty
    let answer = HTTPAnswer(
      outcome: isLimit ? .rateLimited : OutcomeCode(httpStatus: status_code), status: status_code,
      body: .json(bytes),
      message: "the platform answered \(status_code)")
    let request = "\(operation.method) \(operation.path)"
    let error = OperationError(refusal: PlatformError(answer: answer, request: request), subject: "")
    output.error = Output.Failure(
      code: error.code.name, title: Problem(answer.body).title, message: error.message)
    return output
  }
}
