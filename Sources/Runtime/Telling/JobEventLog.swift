internal import Jobs
internal import Ports
internal import Telemetry

/// Turns what the dispatcher did into log lines and numbers.
struct JobEventLog: Sendable {
  let log: EventLog
  let metrics: ServiceMetrics

  @Sendable func tell(_ event: JobEvent) {
    switch event {
    case .claimed(let lease):
      log.write(.debug, "job.claimed", "", fields(lease.job, attempt: lease.number))
    case .released(let count): log.tell(.debug, "jobs.released", message: "\(count) jobs are due")
    case .settled(let job, let settlement, let attempt):
      settled(job, settlement, attempt)
    case .leaseLost(let job):
      metrics.leasesLost.add()
      log.tell(.warning, "job.lease_lost", job)
    case .alert(let job, let message): log.tell(.error, "job.alert", job, message: message)
    case .storeFailed(let error, let doing):
      metrics.storeFailures.add(1, error.code.rawValue)
      log.tell(.error, "store.failed", message: "\(doing): \(error.message)")
    case .leftBehind(let job): log.tell(.warning, "job.left_behind", job)
    }
  }

  private func settled(_ job: Job, _ settlement: Settlement, _ attempt: Attempt) {
    var fields = fields(job, attempt: attempt.number)
    fields.duration =
      attempt.endedAt > attempt.startedAt
      ? .nanoseconds(Int64(clamping: attempt.endedAt - attempt.startedAt)) : .zero
    fields.errorCode = attempt.error?.code
    fields.httpStatus = attempt.error?.httpStatus
    let message = attempt.error?.message ?? ""
    let (event, level): (String, EventLog.Level) =
      switch settlement {
      case .published(_, let post):
        {
          fields.externalID = post?.externalID
          return ("job.published", .info)
        }()
      case .retry: ("job.retrying", .warning)
      case .park: ("job.parked", .info)
      case .hold: ("job.held", .warning)
      case .cancelled: ("job.cancelled", .info)
      case .unknown: ("job.unknown", .error)
      case .dead: ("job.dead", .error)
      }
    fields.status = String(event.dropFirst("job.".count))
    metrics.settled(job, attempt, as: fields.status ?? "")
    log.write(level, event, message, fields)
  }

  private func fields(_ job: Job, attempt: Int) -> EventLog.Fields {
    var fields = EventLog.Fields(job)
    fields.attempt = attempt
    fields.cycleID = Attempt.cycle(of: job, attempt)
    return fields
  }
}
