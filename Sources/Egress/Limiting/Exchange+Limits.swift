internal import ConnectorModel
internal import Manifest
internal import Ports

extension Exchange {
  /// Leave to send once, to be returned with `settle`.
  struct Passage: Sendable {
    fileprivate var claims: [LimitClaim]
    fileprivate var permit: Limiter.Permit
    fileprivate var circuit: Circuits.Pass
  }

  /// Waits for a place in every bucket of the request, unless its host is left alone.
  func limit(
    _ draft: Draft, _ credential: Credential?, _ tally: inout Tally
  ) async throws(EgressError) -> Passage {
    let park = edge.manifest.limits.operation.park
    let start = edge.clock.unixNanoseconds
    guard tally.remaining(at: start) > .zero else {
      throw EgressError(.timeout, "the operation's deadline passed before the request was sent")
    }
    guard !Task.isCancelled else { throw EgressError(.cancelled, "cancelled before the request was sent") }
    let host = draft.destination.url.origin
    if let pause = edge.withCircuits({ $0.pause(host, now: start) }) { throw leftAlone(pause, &tally) }
    let claims = draft.claims(under: edge.manifest, connection: scope.connection, credential: credential)
    let request = LimitGate.Request(
      claims: claims, lane: LimitLane(tenant: scope.connection.tenant, connection: scope.connection.id),
      priority: scope.priority,
      isWrite: draft.destination.effect != .read)
    scope.waits(true)
    let passage = await edge.gate.enter(request, within: park)
    scope.waits(false)
    let end = edge.clock.unixNanoseconds
    // Passing an open gate takes time too, but is no wait.
    if let reason = passage.reason, end >= start, end - start >= 1_000_000 {
      tally.wait(from: start, to: end, reason: reason)
    }
    let permit = try permit(passage, &tally)
    guard let circuit = edge.withCircuits({ $0.enter(host, now: end) }) else {
      edge.gate.leave(permit, .unsent)
      throw leftAlone(edge.withCircuits { $0.pause(host, now: end) } ?? Circuit.probeWait, &tally)
    }
    return Passage(claims: claims, permit: permit, circuit: circuit)
  }

  /// Returns what a request held, with what its end tells of limits and of its host.
  func settle(_ passage: Passage, _ finding: Finding) {
    let now = edge.clock.unixNanoseconds
    edge.gate.leave(passage.permit, finding.ending(of: passage.claims, now: now))
    edge.withCircuits { circuits in
      edge.withRandom { circuits.leave(passage.circuit, finding.circuit, now: now, random: &$0) }
    }
  }

  private func permit(
    _ passage: LimitGate.Passage, _ tally: inout Tally
  ) throws(EgressError) -> Limiter.Permit {
    switch passage.entry {
    case .admitted(let permit): return permit
    case .cancelled: throw EgressError(.cancelled, "cancelled before the request was sent")
    case .refused(let refusal):
      tally.waitIsTooLong(refusal.wait)
      throw EgressError(
        .rateLimited,
        "the limit \(refusal.reason) lets nothing pass for another \(refusal.wait.words); \(sentence(tally))",
        retryAfter: refusal.wait)
    case .tookTooLong:
      let park = edge.manifest.limits.operation.park
      tally.waitIsTooLong(park)
      let reason = passage.reason.map { " (\($0))" } ?? ""
      throw EgressError(
        .rateLimited, "no place for the request came free in \(park.words)\(reason); \(sentence(tally))")
    }
  }

  private func leftAlone(_ pause: Duration, _ tally: inout Tally) -> EgressError {
    tally.waitIsTooLong(pause, for: .circuit)
    return EgressError(
      .upstream,
      "the last \(Circuit.threshold) requests to the host failed, so it is left alone for \(pause.words); "
        + sentence(tally), retryAfter: pause)
  }

  private func sentence(_ tally: Tally) -> String {
    tally.requests == 0 ? "nothing was sent" : "nothing more was sent"
  }
}

extension Finding {
  /// What it tells the limiter.
  func ending(of claims: [LimitClaim], now: UInt64) -> LimitEnding {
    var ending = LimitEnding(pace: pace, wasSent: isOnTheWire, isUndone: isProvenUndone)
    guard case .answered(let answer) = self else { return ending }
    ending.hasAnswered = true
    if answer.isLimit, answer.status != 503, let wait = answer.retryAfter, wait > .zero { ending.hold = wait }
    ending.readings = LimitReader(
      status: answer.status, headers: answer.headers, body: answer.body, now: now
    ).readings(for: claims)
    return ending
  }

  /// What it tells of the host.
  var circuit: Circuit.Ending {
    switch self {
    case .answered(let answer) where answer.isLimit: .unclear
    case .answered(let answer) where answer.status >= 500 && answer.verdict.outcome == .upstream: .failed
    case .answered: .works
    case .failed(let failure):
      switch failure.kind {
      case .resolve, .connect, .tls, .reset, .truncated, .malformed, .timeout: .failed
      case .tooLarge: .works
      case .refusedAddress, .refusedStream, .cancelled, .other: .unclear
      }
    }
  }
}
