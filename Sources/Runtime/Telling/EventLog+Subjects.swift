internal import Ports
internal import Telemetry

extension EventLog {
  /// A line about a tenant's connection, or about the host.
  func tell(
    _ level: Level, _ event: String, tenant: String? = nil, connection: String? = nil,
    platform: String? = nil, status: String? = nil, message: String = ""
  ) {
    write(
      level, event, message,
      Fields(tenantID: tenant, connectionID: connection, platform: platform, status: status))
  }

  /// A line about a job.
  func tell(_ level: Level, _ event: String, _ job: Job, message: String = "") {
    write(level, event, message, Fields(job))
  }
}

extension EventLog.Fields {
  init(_ job: Job) {
    self.init(
      tenantID: job.tenant, connectionID: job.connection, platform: job.connector, jobID: job.id,
      status: job.state.rawValue)
  }
}

extension Attempt {
  /// What all log lines of one attempt have in common.
  static func cycle(of job: Job, _ number: Int) -> String { "\(job.id.suffix(8))-\(number)" }
}
