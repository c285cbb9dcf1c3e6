import ConnectorKit
import FoundationEssentials

/// One batch: handed over once, waited for, and its results put beside the operations they are of.
struct BatchRun {
  /// What Mailchimp calls a normal size, and this connector the largest.
  private static let largest = 1_000
  /// How long ago an earlier attempt may have handed it over, where the host does not say when it was ordered.
  private static let attemptsSpan = 7 * 86_400.0
  private static let clockSkew = 3600.0

  private struct Input: Decodable {
    var operations: [BatchOperation]
    /// Whether the results are fetched; true when not given.
    var results: Bool?
  }

  private struct Submission<Operation: Encodable>: Encodable { var operations: [Operation] }

  struct Output: Encodable {
    var batchId: Identifier
    var status: String
    var total: Int
    var finished: Int?
    var errored: Int?
    /// In the order of the operations.
    var results: [BatchResult.Output]?
    var reconciled: Bool
  }

  private let operations: [BatchOperation]
  private let wantsResults: Bool
  /// What every operation's id on the wire begins with, so that the batch is known again.
  private let marker: String
  private let api: API

  init(_ input: JSONValue, _ context: OperationContext) throws {
    let bytes = try StableJSON.encode(input)
    guard let read = try? StableJSON.decode(Input.self, from: bytes),
      (1...Self.largest).contains(read.operations.count)
    else { throw Field.refusal("/operations", "is not 1 to \(Self.largest) operations with method and path") }
    operations = read.operations
    wantsResults = read.results ?? true
    marker = try CampaignMarker(context).word
    api = API(context)
  }

  func run() async throws -> Output {
    if api.context.mustReconcile, let earlier = try await findEarlier() {
      return try await earlier.id.naming("batch") { try await finish(earlier, reconciled: true) }
    }
    let batch = try await submit()
    return try await batch.id.naming("batch") { try await finish(batch, reconciled: false) }
  }

  private func submit() async throws -> Batch {
    let wire = try operations.enumerated().map { index, operation in
      try operation.wire("\(marker)-\(index)", at: "/operations/\(index)")
    }
    let answer = try await api.post("/batches", Submission(operations: wire))
    do {
      return try answer.json()
    } catch let error as OperationError {
      throw OperationError(
        .unknownOutcome, "POST /batches: \(error.message)", retry: .unknownOutcome, httpStatus: answer.status)
    }
  }

  // MARK: An earlier attempt

  /// The batch whose results carry the marker; twice looked for, since it may be listed late.
  private func findEarlier() async throws -> Batch? {
    if let found = try await look() { return found }
    try await api.context.sleep(for: .seconds(2))
    return try await look()
  }

  private func look() async throws -> Batch? {
    let since =
      try api.context.orderedAt?.addingTimeInterval(-Self.clockSkew)
      ?? api.context.now.addingTimeInterval(-Self.attemptsSpan)
    let page = try await Collection(api: api, url: "/batches", name: "batches").page(
      offset: 0, count: Collection.largestPage)
    for item in page.items {
      guard item["total_operations"] == .integer(Int64(operations.count)),
        let id = item["id"]?.text.flatMap(Identifier.init),
        let time = item["submitted_at"]?.text.flatMap(MailchimpTime.parse), time >= since
      else { continue }
      // Only its results tell whose it is.
      let batch = try await BatchWait(api).finish(try await api.get("/batches/\(id)"))
      if try await BatchArchive(api).results(of: batch).contains(where: isOwn) { return batch }
    }
    guard page.total <= page.items.count else {
      throw OperationError(
        .unknownOutcome, "GET /batches lists too many to tell whether one is missing", retry: .unknownOutcome)
    }
    return nil
  }

  private func isOwn(_ result: BatchResult) -> Bool { result.operation_id?.hasPrefix("\(marker)-") ?? false }

  // MARK: Results

  private func finish(_ batch: Batch, reconciled: Bool) async throws -> Output {
    let batch = try await BatchWait(api).finish(batch)
    var output = Output(
      batchId: batch.id, status: batch.status, total: batch.total_operations,
      finished: batch.finished_operations,
      errored: batch.errored_operations, reconciled: reconciled)
    if wantsResults { output.results = match(try await BatchArchive(api).results(of: batch)) }
    return output
  }

  /// Each operation with its result; a read without `count` has one for each page, one without any says so.
  private func match(_ results: [BatchResult]) -> [BatchResult.Output] {
    var found: [Int: [BatchResult]] = [:]
    for result in results where isOwn(result) {
      guard let index = result.operation_id.flatMap({ Int($0.dropFirst(marker.count + 1)) }) else { continue }
      found[index, default: []].append(result)
    }
    return operations.enumerated().flatMap { index, operation in
      guard let results = found[index] else {
        return [
          BatchResult.Output(
            index: index, id: operation.id,
            error: .init(code: OutcomeCode.unknownOutcome.name, message: "the batch has no result for it"))
        ]
      }
      return results.map { $0.output(index, operation) }
    }
  }
}
