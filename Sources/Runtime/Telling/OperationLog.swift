internal import ConnectorModel
internal import Operations
internal import Ports
internal import Telemetry

/// Writes an attempt's steps to the host's log: what left the host, and what the connector says.
struct OperationLog: Sendable {
  let log: EventLog
  /// What all its lines have in common.
  let fields: EventLog.Fields

  init(log: EventLog, fields: EventLog.Fields) {
    self.log = log
    self.fields = fields
  }

  init(log: EventLog, job: Job, lease: Lease) {
    var fields = EventLog.Fields(job)
    fields.status = nil
    fields.attempt = lease.number
    fields.cycleID = Attempt.cycle(of: job, lease.number)
    self.init(log: log, fields: fields)
  }

  @Sendable func tell(_ step: OperationStep) {
    var fields = fields
    switch step {
    case .http(let method, let path, let performed):
      let answer = performed.answer
      fields.httpStatus = answer.status == 0 ? nil : answer.status
      fields.duration = performed.network
      fields.requestID = answer.requestID.isEmpty ? nil : answer.requestID
      fields.errorCode = answer.outcome == .ok ? nil : answer.outcome.name
      log.write(answer.outcome == .ok ? .debug : .info, "egress.answered", "\(method) \(path)", fields)
    case .log(let line):
      log.write(EventLog.Level(line.level), "connector.said", line.message, fields)
    case .turn, .timer, .ended: break
    }
  }
}

extension EventLog.Level {
  fileprivate init(_ level: ConnectorLogLine.Level) {
    self = level >= .error ? .error : level >= .warning ? .warning : level >= .info ? .info : .debug
  }
}
