package import Ports
internal import Telemetry

/// The host's numbers.
struct ServiceMetrics: Sendable {
  let registry: MetricsRegistry
  let leasesLost: Counter
  let storeFailures: Counter
  private let attempts: Counter
  private let attemptSeconds: Histogram
  private let overheadSeconds: Histogram
  private let queueSeconds: Histogram
  let requests: Counter
  let syncs: Counter
  let syncRecords: Counter
  let removedRows: Counter
  private let depth: Gauge
  private let connectorsReady: Gauge
  private let generations: Gauge
  private let draining: Gauge
  private let syncLag: Gauge
  private let syncsUnread: Gauge

  init(redaction: LogRedaction) {
    registry = MetricsRegistry(redaction: redaction)
    attempts = registry.counter(
      "patchbay_attempts_total", help: "Attempts at jobs, by what became of the job.",
      labels: ["platform", "result"])
    attemptSeconds = registry.histogram(
      "patchbay_attempt_seconds", help: "From an attempt's start to its end.", labels: ["platform"])
    overheadSeconds = registry.histogram(
      "patchbay_attempt_overhead_seconds", help: "An attempt's time without network and limits.",
      labels: ["platform"], buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5])
    queueSeconds = registry.histogram(
      "patchbay_queue_seconds", help: "From the time a job might run to its start.", labels: ["platform"])
    requests = registry.counter(
      "patchbay_platform_requests_total", help: "Exchanges begun on the wire.", labels: ["platform"])
    leasesLost = registry.counter(
      "patchbay_leases_lost_total", help: "Attempts whose lease was lost; what they came to is not stored.")
    storeFailures = registry.counter(
      "patchbay_store_failures_total", help: "Calls of the store that failed.", labels: ["code"])
    syncs = registry.counter(
      "patchbay_syncs_total", help: "Runs of streams, by what became of them.",
      labels: ["platform", "stream", "result"])
    syncRecords = registry.counter(
      "patchbay_sync_records_total", help: "Records that syncs committed, by what they changed.",
      labels: ["platform", "stream", "change"])
    syncLag = registry.gauge(
      "patchbay_sync_lag_seconds",
      help: "The age of what is known of a stream, at the connection that is furthest behind.",
      labels: ["platform", "stream"])
    syncsUnread = registry.gauge(
      "patchbay_syncs_unread", help: "Connections whose stream was never read whole.",
      labels: ["platform", "stream"])
    removedRows = registry.counter(
      "patchbay_retention_removed_total", help: "Rows that were kept long enough and removed.",
      labels: ["kind"])
    depth = registry.gauge("patchbay_jobs", help: "Jobs by state.", labels: ["state"])
    connectorsReady = registry.gauge(
      "patchbay_connectors_ready", help: "Connectors that take operations.")
    generations = registry.gauge(
      "patchbay_connector_generations", help: "Libraries loaded since the host began; none is ever unmapped.",
      labels: ["platform"])
    draining = registry.gauge(
      "patchbay_connector_draining", help: "Replaced libraries on which operations are still under way.",
      labels: ["platform"])
  }

  func settled(_ job: Job, _ attempt: Attempt, as result: String) {
    attempts.add(1, job.connector, result)
    requests.add(UInt64(clamping: attempt.requests), job.connector)
    let nanoseconds = attempt.endedAt > attempt.startedAt ? attempt.endedAt - attempt.startedAt : 0
    let times = attempt.times
    let outside = (times.network + times.limiter) * 1_000
    attemptSeconds.observe(.nanoseconds(Int64(clamping: nanoseconds)), job.connector)
    overheadSeconds.observe(
      .nanoseconds(Int64(clamping: nanoseconds > outside ? nanoseconds - outside : 0)), job.connector)
    queueSeconds.observe(.microseconds(Int64(clamping: times.queue)), job.connector)
  }

  /// What is counted when somebody asks.
  func look(
    depth counts: [Job.State: Int], connectors: ConnectorRegistry.State, syncs: [SyncCensus], now: UInt64
  ) {
    for stream in syncs {
      syncsUnread.set(Double(stream.unread), stream.connector, stream.stream)
      if let lag = stream.lag(at: now) { syncLag.set(lag, stream.connector, stream.stream) }
    }
    for state in Job.State.allCases { depth.set(Double(counts[state] ?? 0), state.rawValue) }
    connectorsReady.set(Double(connectors.served.count))
    for (id, count) in connectors.generations {
      generations.set(Double(count), id)
      draining.set(Double(connectors.draining(id)), id)
    }
  }
}

extension SyncCensus {
  /// The age of what is known at the connection that is furthest behind, in seconds; nil when nothing is known of any.
  package func lag(at now: UInt64) -> Double? {
    coveredUntil.map { Double(now > $0 ? now - $0 : 0) / 1_000_000_000 }
  }
}
