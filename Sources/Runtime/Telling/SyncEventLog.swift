internal import ConnectorModel
internal import Operations
internal import Ports
internal import Telemetry

/// Turns what the runner of syncs did into log lines and numbers.
struct SyncEventLog: Sendable {
  let log: EventLog
  let metrics: ServiceMetrics

  @Sendable func tell(_ event: SyncEvent) {
    switch event {
    case .started(let state):
      metrics.syncs.add(1, state.connector, state.stream, "started")
      log.write(.debug, "sync.started", state.stream, EventLog.Fields(state))
    case .step(let state, let step):
      OperationLog(log: log, fields: EventLog.Fields(state)).tell(step)
    case .ended(let state, let ending, let tally, let report, let duration):
      ended(state, ending, tally, report, duration)
    case .needsAttention(let state, let reason):
      log.write(.warning, "connection.attention", reason, EventLog.Fields(state))
    case .storeFailed(let error, let doing):
      metrics.storeFailures.add(1, error.code.rawValue)
      log.tell(.error, "store.failed", message: "\(doing): \(error.message)")
    }
  }

  private func ended(
    _ state: SyncState, _ ending: SyncMachine.Ending, _ tally: SyncTally, _ report: OperationReport,
    _ duration: Duration
  ) {
    for (count, change) in [(tally.new, "new"), (tally.changed, "changed"), (tally.unchanged, "unchanged")]
    where count > 0 {
      metrics.syncRecords.add(UInt64(count), state.connector, state.stream, change)
    }
    metrics.requests.add(UInt64(clamping: report.requests), state.connector)
    var fields = EventLog.Fields(state)
    fields.duration = duration
    let records = "\(tally.new) new, \(tally.changed) changed, \(tally.unchanged) unchanged"
    switch ending {
    case .succeeded:
      metrics.syncs.add(1, state.connector, state.stream, "succeeded")
      log.write(.info, "sync.succeeded", "\(state.stream): \(records)", fields)
    case .interrupted:
      metrics.syncs.add(1, state.connector, state.stream, "interrupted")
      log.write(.info, "sync.interrupted", "\(state.stream): \(records) so far", fields)
    case .failed(let error):
      // Limits are no failures: the stream only waits.
      let result = state.failures == 0 ? "waiting" : "failed"
      metrics.syncs.add(1, state.connector, state.stream, result)
      fields.errorCode = error.code.name
      fields.httpStatus = error.httpStatus == 0 ? nil : error.httpStatus
      log.write(
        .warning, "sync.\(result)", "\(state.stream): \(error.message); \(records) before that", fields)
    }
  }
}

extension EventLog.Fields {
  init(_ state: SyncState) {
    self.init(tenantID: state.tenant, connectionID: state.connection, platform: state.connector)
  }
}
