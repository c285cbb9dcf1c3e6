import ConnectorModel
import Ports
import Secrets

@testable import Runtime

/// Every order and question that names a principal, with the scope it needs, on rows that belong to somebody.
struct ServiceOrderTable {
  /// Ids of one tenant.
  struct Rows {
    var connection: String
    var job: String
    var letter: String
    var post: String
  }

  struct Order: Sendable {
    var name: String
    var scope: APIKey.Scope
    /// It names a row, which is not found by those it does not belong to.
    var namesARow = true
    var run: @Sendable (Service, Principal) async throws -> Void
  }

  let orders: [Order]

  init(_ rows: Rows) {
    let page = PageRequest()
    orders = [
      Order(name: "connect", scope: .connect, namesARow: false) {
        _ = try await $0.connect(
          ConnectOrder(connector: "mailchimp", secret: Secret("sandbox-us19"), kind: .apiKey), by: $1)
      },
      Order(name: "connections", scope: .read, namesARow: false) {
        _ = try await $0.connections(connector: nil, page: page, by: $1)
      },
      Order(name: "connection", scope: .read) { _ = try await $0.connection(rows.connection, by: $1) },
      Order(name: "refresh", scope: .connect) { _ = try await $0.refresh(rows.connection, by: $1) },
      Order(name: "pause connection", scope: .connect) {
        _ = try await $0.setPause(ofConnection: rows.connection, isPaused: true, by: $1)
      },
      Order(name: "resume connection", scope: .connect) {
        _ = try await $0.setPause(ofConnection: rows.connection, isPaused: false, by: $1)
      },
      Order(name: "publish", scope: .publish) {
        _ = try await $0.publish(
          PublishOrder(connection: rows.connection, idempotencyKey: "table", payload: ServiceBench.campaign),
          by: $1)
      },
      Order(name: "job", scope: .read) { _ = try await $0.job(rows.job, by: $1) },
      Order(name: "jobs", scope: .read, namesARow: false) {
        _ = try await $0.jobs(matching: JobFilter(), page: page, by: $1)
      },
      Order(name: "cancel", scope: .publish) { _ = try await $0.cancelJob(rows.job, by: $1) },
      Order(name: "reconcile", scope: .publish) { _ = try await $0.reconcileJob(rows.job, by: $1) },
      Order(name: "dead letters", scope: .read, namesARow: false) {
        _ = try await $0.deadLetters(page: page, by: $1)
      },
      Order(name: "dead letter", scope: .read) { _ = try await $0.deadLetter(rows.letter, by: $1) },
      Order(name: "retry", scope: .publish) { _ = try await $0.retryDeadLetter(rows.letter, by: $1) },
      Order(name: "retry all", scope: .publish, namesARow: false) {
        _ = try await $0.retryDeadLetters(by: $1)
      },
      Order(name: "drop", scope: .publish) { try await $0.dropDeadLetter(rows.letter, by: $1) },
      Order(name: "post", scope: .read) { _ = try await $0.post(rows.post, by: $1) },
      Order(name: "posts", scope: .read, namesARow: false) { _ = try await $0.posts(page: page, by: $1) },
      Order(name: "edit post", scope: .publish) {
        _ = try await $0.editPost(rows.post, changes: [:], by: $1)
      },
      Order(name: "delete post", scope: .publish) { _ = try await $0.deletePost(rows.post, by: $1) },
      Order(name: "analytics", scope: .read) {
        _ = try await $0.analytics(
          connection: rows.connection, matching: AnalyticsQuery(), page: page, by: $1)
      },
      Order(name: "syncs", scope: .read) { _ = try await $0.syncs(connection: rows.connection, by: $1) },
      Order(name: "sync health", scope: .read, namesARow: false) { _ = try await $0.syncHealth(by: $1) },
      Order(name: "queue depth", scope: .read, namesARow: false) { _ = try await $0.queueDepth(by: $1) },
      Order(name: "limits", scope: .read, namesARow: false) {
        _ = try await $0.limits(connector: nil, by: $1)
      },
      Order(name: "audit", scope: .read, namesARow: false) {
        _ = try await $0.auditEntries(page: page, by: $1)
      },
      Order(name: "pause connector", scope: .operate, namesARow: false) {
        _ = try await $0.setPause(ofConnector: "mailchimp", isPaused: true, by: $1)
      },
      Order(name: "resume connector", scope: .operate, namesARow: false) {
        _ = try await $0.setPause(ofConnector: "mailchimp", isPaused: false, by: $1)
      },
      Order(name: "reload", scope: .operate, namesARow: false) { _ = try await $0.reload(by: $1) },
      Order(name: "remove connection", scope: .connect) {
        try await $0.removeConnection(rows.connection, by: $1)
      },
    ]
  }
}
