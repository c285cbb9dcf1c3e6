import ConnectorKit

/// A batch as its run needs it.
struct Batch: Decodable {
  var id: Identifier
  var status: String
  var total_operations: Int
  var finished_operations: Int?
  var errored_operations: Int?
  var response_body_url: String?

  var isFinished: Bool { status == "finished" }
}
