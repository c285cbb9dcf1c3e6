import ConnectorModel
import HTTPAPI
import Ports
import Runtime
import Secrets
import Synchronization

/// A service that answers with samples, and remembers what it was asked.
final class ScriptedService: APIService {
  /// Keys and what they may.
  static let everything = "pb_every001_all"
  static let readOnly = "pb_read0001_only"
  /// An id that nothing has.
  static let missing = "con_missing"
  /// An id whose answer waits for ``release()``.
  static let stalled = "con_stalled"

  private struct State {
    var failure: ServiceError?
    var published: [PublishOrder] = []
    var connected: [ConnectOrder] = []
    var pages: [PageRequest] = []
    var filters: [JobFilter] = []
    var analytics: [AnalyticsQuery] = []
    var isReady = true
    var accountName = Sample.connection.accountName
    var isReleased = false
    var waiters: [CheckedContinuation<Void, Never>] = []
    var arrivals: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  let largestUpload: UInt64 = 1 << 20

  func upload(_ body: UploadBody, by principal: Principal) async throws -> Upload {
    let count = Mutex<UInt64>(0)
    try await body.read { bytes in count.withLock { $0 += UInt64(bytes.count) } }
    let size = count.withLock { $0 }
    guard size > 0 else { throw ServiceError(.invalidInput, "the body is empty; send the file's bytes") }
    return Sample.upload(size: size)
  }

  func upload(_ id: String, by principal: Principal) async throws(ServiceError) -> Upload {
    try check(id)
    return Sample.upload(size: 3)
  }

  func removeUpload(_ id: String, by principal: Principal) async throws(ServiceError) {
    try check(id)
  }

  var published: [PublishOrder] { state.withLock(\.published) }
  var connected: [ConnectOrder] { state.withLock(\.connected) }
  var pages: [PageRequest] { state.withLock(\.pages) }
  var filters: [JobFilter] { state.withLock(\.filters) }
  var analytics: [AnalyticsQuery] { state.withLock(\.analytics) }

  /// Every later call but `authenticate` fails with it.
  func fail(with error: ServiceError?) { state.withLock { $0.failure = error } }
  func setReady(_ isReady: Bool) { state.withLock { $0.isReady = isReady } }

  /// What connections are called from now on.
  func setAccountName(_ name: String) { state.withLock { $0.accountName = name } }

  /// Lets stalled calls go on, now and later.
  func release() {
    let waiters = state.withLock { state in
      state.isReleased = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Returns as soon as a call is stalled.
  func waitForStalledCall() async {
    await withCheckedContinuation { arrival in
      let isThere = state.withLock { state in
        if state.waiters.isEmpty { state.arrivals.append(arrival) }
        return !state.waiters.isEmpty
      }
      if isThere { arrival.resume() }
    }
  }

  private func stall() async {
    await withCheckedContinuation { waiter in
      let (isReleased, arrivals) = state.withLock { state in
        if !state.isReleased { state.waiters.append(waiter) }
        defer { state.arrivals = [] }
        return (state.isReleased, state.arrivals)
      }
      if isReleased { waiter.resume() }
      for arrival in arrivals { arrival.resume() }
    }
  }

  private func check(_ id: String = "") throws(ServiceError) {
    if let failure = state.withLock(\.failure) { throw failure }
    if id == Self.missing { throw ServiceError(.notFound, "There is no \(id).") }
  }

  // MARK: APIService

  func authenticate(_ key: Secret) async throws(ServiceError) -> Principal {
    switch key.reveal({ $0 }) {
    case Self.everything:
      Principal(tenant: "acme", key: "every001", scopes: Set(APIKey.Scope.allCases))
    case Self.readOnly: Principal(tenant: "acme", key: "read0001", scopes: [.read])
    default: throw ServiceError(.unauthenticated, "This API key is not known or was revoked.")
    }
  }

  func connect(_ order: ConnectOrder, by principal: Principal) async throws(ServiceError) -> ConnectionRecord
  {
    try check()
    state.withLock { $0.connected.append(order) }
    return Sample.connection
  }
  func connections(connector: String?, page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<ConnectionRecord>
  {
    try check()
    state.withLock { $0.pages.append(page) }
    return Page([Sample.connection, Sample.tiredConnection], next: "cursor-2")
  }
  func connection(_ id: String, by principal: Principal) async throws(ServiceError) -> ConnectionRecord {
    try check(id)
    if id == Self.stalled { await stall() }
    var connection = Sample.connection
    connection.accountName = state.withLock(\.accountName)
    return connection
  }
  func refresh(_ id: String, by principal: Principal) async throws(ServiceError) -> ConnectionRecord {
    try check(id)
    return Sample.connection
  }
  func setPause(ofConnection id: String, isPaused: Bool, by principal: Principal) async throws(ServiceError)
    -> ConnectionRecord
  {
    try check(id)
    var connection = Sample.connection
    connection.isPaused = isPaused
    return connection
  }
  func removeConnection(_ id: String, by principal: Principal) async throws(ServiceError) { try check(id) }

  func publish(_ order: PublishOrder, by principal: Principal) async throws(ServiceError) -> PublishReceipt {
    try check(order.connection)
    return state.withLock { state in
      let isNew = !state.published.contains { $0.idempotencyKey == order.idempotencyKey }
      state.published.append(order)
      return PublishReceipt(job: Sample.job, isNew: isNew)
    }
  }
  func job(_ id: String, by principal: Principal) async throws(ServiceError) -> JobDetail {
    try check(id)
    return Sample.detail
  }
  func jobs(matching filter: JobFilter, page: PageRequest, by principal: Principal) async throws(ServiceError)
    -> Page<Job>
  {
    try check()
    state.withLock { $0.filters.append(filter) }
    return Page([Sample.job, Sample.deadJob])
  }
  func cancelJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    try check(id)
    return Sample.job
  }
  func reconcileJob(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    try check(id)
    return Sample.job
  }

  func deadLetters(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<DeadLetter>
  {
    try check()
    return Page([Sample.deadLetter])
  }
  func deadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> DeadLetter {
    try check(id)
    return Sample.deadLetter
  }
  func retryDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError) -> Job {
    try check(id)
    return Sample.job
  }
  func retryDeadLetters(by principal: Principal) async throws(ServiceError) -> [Job] {
    try check()
    return [Sample.job]
  }
  func dropDeadLetter(_ id: String, by principal: Principal) async throws(ServiceError) { try check(id) }

  func post(_ id: String, by principal: Principal) async throws(ServiceError) -> Post {
    try check(id)
    return Sample.post
  }
  func posts(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<Post> {
    try check()
    return Page([Sample.post])
  }
  func editPost(_ id: String, changes: JSONValue, by principal: Principal) async throws(ServiceError)
    -> PublishReceipt
  {
    try check(id)
    return PublishReceipt(job: Sample.job, isNew: true)
  }
  func deletePost(_ id: String, by principal: Principal) async throws(ServiceError) -> PublishReceipt {
    try check(id)
    return PublishReceipt(job: Sample.job, isNew: false)
  }
  func analytics(
    connection: String, matching query: AnalyticsQuery, page: PageRequest, by principal: Principal
  ) async throws(ServiceError) -> Analytics {
    try check(connection)
    state.withLock { $0.analytics.append(query) }
    return Analytics(
      streams: [Sample.sync, Sample.failingSync], records: Page([Sample.record], next: "cursor-2"))
  }
  func syncs(connection: String, by principal: Principal) async throws(ServiceError) -> [SyncStatus] {
    try check(connection)
    return [Sample.sync, Sample.failingSync]
  }
  func runSync(connection: String, stream: String, by principal: Principal) async throws(ServiceError)
    -> SyncStatus
  {
    try check(connection)
    return Sample.sync
  }
  func syncHealth(by principal: Principal) async throws(ServiceError) -> [SyncLag] {
    let census = SyncCensus(
      connector: "mailchimp", stream: "campaign.reports", connections: 3, failing: 1, unread: 1,
      coveredUntil: Sample.instant)
    return [SyncLag(census: census, seconds: 90.5), SyncLag(census: census, seconds: nil)]
  }

  func capabilities() async -> [String: JSONValue] { ["mailchimp": ["actions": ["campaign.publish"]]] }
  func connectors() async throws(ServiceError) -> [ConnectorStatus] {
    try check()
    return [Sample.connector]
  }
  func connector(_ id: String) async throws(ServiceError) -> ConnectorStatus {
    try check(id)
    return Sample.connector
  }
  func setPause(ofConnector id: String, isPaused: Bool, by principal: Principal) async throws(ServiceError)
    -> ConnectorStatus
  {
    try check(id)
    return Sample.connector
  }
  func reload(by principal: Principal) async throws(ServiceError) -> [ConnectorStatus] {
    try check()
    return [Sample.connector]
  }
  func limits(connector: String?, by principal: Principal) async throws(ServiceError) -> LimitsOverview {
    try check(connector ?? "")
    return Sample.limits
  }
  func queueDepth(by principal: Principal) async throws(ServiceError) -> [Job.State: Int] {
    try check()
    return [.pending: 2, .published: 7]
  }
  func auditEntries(page: PageRequest, by principal: Principal) async throws(ServiceError) -> Page<AuditEntry>
  {
    try check()
    return Page([
      AuditEntry(
        tenant: "acme", actor: "every001", event: "connection.added", subject: "con_1", at: Sample.instant)
    ])
  }
  func connectionHealth(by principal: Principal) async throws(ServiceError) -> [ConnectionState: Int] {
    [.healthy: 2, .attention: 1]
  }

  func readiness() async -> Readiness {
    let isReady = state.withLock(\.isReady)
    return Readiness(checks: [.init("store", isOK: isReady, message: isReady ? "" : "The disk is full.")])
  }
  func metricsText() async -> String { "patchbay_jobs 7\n" }
}
