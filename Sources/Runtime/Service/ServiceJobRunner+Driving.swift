internal import ConnectorModel
internal import Jobs
internal import Manifest
internal import Operations
internal import Ports

extension ServiceJobRunner {
  /// Begins the operation, or goes on with it where its journal ends.
  func drive(
    _ request: OperationRequest, on connector: HostedConnector, replaying replay: OperationReplay?,
    _ control: AttemptControl
  ) async -> OperationReport {
    var request = request
    if let replay, let journal = request.journal {
      request = OperationRequest(
        resuming: replay, connection: request.connection, blobs: request.blobs, journal: journal,
        observe: request.observe)
    }
    return await driver.run(request, on: connector) { handle in
      control.onOrder { order in
        switch order {
        // With the lease gone nothing is stored, so nothing is sent either.
        case .cancel: handle.cancel()
        case .suspend, .stopStoring: handle.suspend()
        }
      }
    }
  }

  /// What the dispatcher is told.
  func outcome(of report: OperationReport, for job: Job, connector manifest: Manifest) -> AttemptOutcome {
    AttemptOutcome(
      ending(of: report, for: job, connector: manifest), times: AttemptTimes(report),
      requests: report.requests, wasReplayed: report.wasReplayed)
  }

  private func ending(of report: OperationReport, for job: Job, connector manifest: Manifest)
    -> AttemptOutcome.Ending
  {
    switch report.outcome {
    case .succeeded(let payload):
      let result = payload.inlineBytes ?? Array("null".utf8)
      return .succeeded(result: result, post: post(in: result, of: job, connector: manifest))
    case .failed(let error):
      return report.differedOnReplay
        ? .indeterminate(error) : .failed(error, performedWrite: report.performedWrite)
    case .parked(let until, .limit):
      return .parked(until: until, note: "waits for a limit of the platform")
    case .parked(let until, .network):
      return .offline(
        notBefore: until, note: "network: nothing can be sent to the platform; it goes on by itself")
    case .parked(let until, .circuit):
      return .offline(
        notBefore: until,
        note: "network: the platform's host is left alone after failures; it goes on by itself")
    case .suspended: return .suspended
    case .fenced: return .fenced
    }
  }

  /// What stands on the platform now, if the manifest says where the result tells it.
  private func post(in result: [UInt8], of job: Job, connector manifest: Manifest) -> Post? {
    guard let place = manifest.actions[job.action]?.post,
      let value = try? StableJSON.decode(JSONValue.self, from: result),
      let id = place.id.evaluate(in: value).first?.plainText
    else { return nil }
    let now = clock.unixNanoseconds
    return Post(
      id: RecordID.make(.post, now: now), tenant: job.tenant, job: job.id, connection: job.connection,
      externalID: id, url: place.url?.evaluate(in: value).first?.plainText, createdAt: now)
  }
}

extension AttemptTimes {
  /// Without the queue's time, which the dispatcher knows.
  init(_ report: OperationReport) {
    self.init(
      limiter: report.waits.reduce(0) { $0 + $1.duration.microseconds }, token: report.tokenTime.microseconds,
      connector: report.connectorTime.microseconds, network: report.networkTime.microseconds,
      journal: report.journalTime.microseconds)
  }
}

extension Duration {
  fileprivate var microseconds: UInt64 { nanosecondsClamped / 1_000 }
}
