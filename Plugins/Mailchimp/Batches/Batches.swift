/// Batches that are under way or were, as the platform shows them.
enum Batches {
  static let fields: [Field] = [
    Field("batchId", at: "id").required, Field("status").required,
    Field("total", at: "total_operations", .integer),
    Field("finished", at: "finished_operations", .integer),
    Field("errored", at: "errored_operations", .integer),
    "submittedAt", "completedAt",
  ]

  static let all: [ResourceAction] = [
    .list("batch.list", "/batches", fields, as: "batches"),
    .read("batch.read", "/batches/{batchId}", fields),
    .delete("batch.delete", "/batches/{batchId}"),
  ]
}
