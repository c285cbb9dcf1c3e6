import ConnectorModel
import Ports
import Runtime

/// Values with every optional member once set and once not.
enum Sample {
  /// In words 2026-02-03T04:05:06.789Z.
  static let instant: UInt64 = 1_770_091_506_789_000_000

  static func upload(size: UInt64) -> Upload {
    let digest = String(repeating: "a", count: 64)
    let blob = BlobRecord(sha256: digest, size: size, type: "image/png", width: 1, height: 1)
    return Upload(id: "upl_1", tenant: "acme", blob: blob, createdAt: instant)
  }

  static let connection = ConnectionRecord(
    id: "con_1", tenant: "acme", connector: "mailchimp", accountID: "acct", accountName: "A \"quoted\" name",
    accountFacts: ["login": "hidden"], variables: ["dc": "us19"], createdAt: instant)
  static let tiredConnection = ConnectionRecord(
    id: "con_2", tenant: "acme", connector: "mailchimp", state: .attention, reason: "The key was revoked.",
    isPaused: true, createdAt: instant)

  static let job: Job = {
    var job = Job(
      id: "job_1", tenant: "acme", connection: "con_1", connector: "mailchimp", action: "campaign.publish",
      payload: Array(#"{"subject":"Hello"}"#.utf8), idempotencyKey: "order-1", digest: [1], createdAt: instant
    )
    job.state = .published
    job.result = Array(#"{"campaignId":"c1","size":12345678901234567}"#.utf8)
    return job
  }()

  static let deadJob: Job = {
    var job = Job(
      id: "job_2", tenant: "acme", connection: "con_1", connector: "mailchimp", action: "campaign.publish",
      payload: Array(#"{"subject":"Hello"}"#.utf8), idempotencyKey: "order-2", digest: [2],
      scheduledFor: instant + 60_000_000_000, createdAt: instant, retryOf: "job_0")
    job.state = .dead
    job.attempts = 4
    job.error = error
    return job
  }()

  static let error = JobError(
    code: "invalid_input", message: "The subject is empty.", action: "Give it a subject.",
    platformCode: "400",
    requestId: "abc", httpStatus: 400, pointer: "/subject")

  static let detail = JobDetail(
    job: deadJob,
    attempts: [
      Attempt(
        number: 1, startedAt: instant, endedAt: instant + 1_500_000_000, result: .failed, error: error,
        times: AttemptTimes(queue: 1500, limiter: 0, token: 7, connector: 250, network: 120_000, journal: 3),
        requests: 3, wasReplayed: true),
      Attempt(number: 2, startedAt: instant, endedAt: instant, result: .parked),
    ])

  static let deadLetter = DeadLetter(
    id: "dlq_1", tenant: "acme", job: deadJob, reason: .maxRetriesExhausted, createdAt: instant)

  static let post = Post(
    id: "pst_1", tenant: "acme", job: "job_1", connection: "con_1", externalID: "c1",
    url: "https://example.org/c1", createdAt: instant)

  static let sync = SyncStatus(
    state: SyncState(
      tenant: "acme", connection: "con_1", connector: "mailchimp", stream: "campaign.reports",
      coveredUntil: instant, lastStarted: instant, lastSucceeded: instant, nextDue: instant, runs: 2,
      runRecords: 7), condition: .current, isRunning: true, isPaused: false)
  static let failingSync = SyncStatus(
    state: SyncState(
      tenant: "acme", connection: "con_1", connector: "mailchimp", stream: "members", nextDue: instant,
      failures: 1, failure: SyncState.Failure(code: "upstream", message: "It answered 502.")),
    condition: .unavailable, isRunning: false, isPaused: true)
  static let record = SyncRecord(
    tenant: "acme", connection: "con_1", stream: "campaign.reports", id: "r1", subject: "c1",
    kind: "campaign",
    at: instant, value: Array(#"{"id":"r1","opens":3}"#.utf8), firstSeen: instant)

  static let limits = LimitsOverview(
    at: instant,
    limits: [
      LimitStatus(
        connector: "mailchimp", bucket: "concurrency", scope: "account", holder: .connections(["con_1"]),
        rule: "concurrency", source: "adaptive", used: 3, limit: 10, allowed: 5, remaining: 2, inFlight: 3,
        publishingWaiting: 4, syncingWaiting: 1, reason: "the platform refused"),
      LimitStatus(
        connector: "mailchimp", bucket: "daily", scope: "app", holder: .app, rule: "rate",
        source: "declared",
        used: 7, limit: 100, allowed: 100, remaining: 93, window: .seconds(86_400),
        resetsAt: instant + 3_600_000_000_000, nextAt: instant + 1),
      LimitStatus(
        connector: "mailchimp", bucket: "left", scope: "endpoint", holder: .nobody, endpoint: "api",
        rule: "remaining", source: "header", used: 0),
    ],
    circuits: [
      CircuitStatus(
        connector: "mailchimp", host: "https://us19.api.mailchimp.com", state: .open, failures: 10,
        probesAt: instant + 2_000_000_000)
    ])

  static let connector = ConnectorStatus(
    id: "mailchimp", version: "1.0.0", state: .ready, manifest: "/srv/manifests/mailchimp.yaml",
    library: "/srv/plugins/libMailchimpConnector.so", sha256: "ab", generation: 1)
}
