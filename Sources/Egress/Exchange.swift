internal import ConnectorModel
internal import Manifest
internal import Ports
internal import Secrets

/// One effect, from the connector's wish to its answer.
struct Exchange: Sendable {
  let edge: Egress
  let request: HTTPRequest
  let scope: OperationScope
  private let auth: AuthName

  init(_ request: HTTPRequest, over edge: Egress, for scope: OperationScope) {
    self.edge = edge
    self.request = request
    self.scope = scope
    auth = AuthName(request.auth)
  }

  func run() async -> PerformedHTTP {
    var tally = Tally(deadline: scope.deadline)
    do throws(EgressError) {
      let answer = try await carryOut(&tally)
      return tally.performed(answer)
    } catch {
      let outcome = tally.redirectedWrite ? .unknownOutcome : error.outcome
      return tally.performed(
        HTTPAnswer(outcome: outcome, message: error.message, retryAfter: error.retryAfter))
    }
  }

  /// Allow, authorise, limit, send, classify; then repeat, follow or answer.
  private func carryOut(_ tally: inout Tally) async throws(EgressError) -> HTTPAnswer {
    var draft = try admit()
    var credential = try await authorise(&tally)
    var resends = ResendPolicy(park: edge.manifest.limits.operation.park)
    var redirects = RedirectPolicy(
      allowList: edge.allowList, variables: scope.connection.variables, auth: auth,
      hops: request.maximumRedirects)

    while true {
      let wired = try draft.wired(with: credential, by: edge.injector)
      let passage = try await limit(draft, credential, &tally)
      let start = edge.clock.unixNanoseconds
      let finding = await send(wired, draft, &tally)
      settle(passage, finding)
      let settlement = Settlement(
        isWrite: draft.destination.isWrite || tally.redirectedWrite, options: request.options)

      if case .answered(let answer) = finding, !request.options.contains(.noRedirect) {
        switch redirects.verdict(
          status: answer.status, location: answer.headers["location"], at: draft.destination)
        {
        case .none: break
        case .refuse(let rule): return draft.refusedRedirect(answer, rule)
        case .follow(let hop):
          if draft.destination.isWrite, !hop.keepsBody { tally.redirectWrite() }
          draft = draft.following(hop)
          prepareCapture(at: draft.destination)
          if !hop.keepsAuth { credential = nil }
          continue
        }
      }

      let isWrite = draft.destination.isWrite
      let took = edge.clock.unixNanoseconds &- start
      var verdict = edge.withRandom { resends.verdict(on: finding, isWrite: isWrite, random: &$0) }
      // Another try would meet the deadline, and nobody would be told that it was the network.
      if case .resend(_, .network) = verdict,
        tally.remaining(at: edge.clock.unixNanoseconds) <= .nanoseconds(Int64(clamping: took))
      {
        verdict = edge.withRandom { resends.unreachable(&$0) }
      }
      switch verdict {
      case .settle: return settlement.answer(to: finding)
      case .tooLong(let wait):
        tally.waitIsTooLong(wait)
        return settlement.answer(to: finding, askedToWait: wait)
      case .unreachable(let wait):
        tally.waitIsTooLong(wait, for: .network)
        return settlement.answer(to: finding)
      case .resend(let wait, let reason): try await pause(wait, reason.rawValue, &tally)
      case .refresh:
        guard let fresh = try await refreshed(credential, &tally) else {
          return settlement.answer(to: finding)
        }
        credential = fresh
      }
    }
  }

  /// Checks everything that can be checked before a secret or the network is touched.
  private func admit() throws(EgressError) -> Draft {
    let destination = try edge.allowList.destination(
      of: request, variables: scope.connection.variables)
    let draft = try Draft(request, to: destination, of: edge, for: scope)
    guard auth.isAllowed(at: destination.endpoint) else {
      throw .refused(
        endpoint: destination.name,
        auth.profile.map { "auth profile `\($0.asShortLabel)` is not listed there" }
          ?? "it needs auth; name one of its profiles: \(destination.endpoint.auth.joined(separator: ", "))")
    }
    guard !edge.withCaptured({ draft.showsHandle(of: scope.operation, in: $0) }) else {
      throw .refused(
        endpoint: destination.name,
        "the handle of a captured secret stands in its URL, headers or body; use it as auth `profile:handle` only"
      )
    }
    prepareCapture(at: destination)
    return draft
  }

  private func prepareCapture(at destination: Destination) {
    if !destination.endpoint.capture.isEmpty { edge.withCaptured { $0.open(scope.operation) } }
  }

  private func authorise(_ tally: inout Tally) async throws(EgressError) -> Credential? {
    let start = edge.clock.unixNanoseconds
    defer { tally.tokenTook(from: start, to: edge.clock.unixNanoseconds) }
    switch auth {
    case .anonymous: return nil
    case .profile(let name):
      do throws(TokenFailure) {
        return Credential(
          try await edge.tokens.token(connection: scope.connection.id, profile: name), profile: name)
      } catch {
        throw EgressError(error.isTransient ? .upstream : .unauthenticated, error.message)
      }
    case .handle(let handle, let profile):
      let secret = edge.withCaptured { $0.secret(handle, profile: profile, operation: scope.operation) }
      let alternatives = edge.manifest.auth[profile]?.alternatives ?? []
      guard let secret, let alternative = alternatives.firstIndex(where: { $0.kind == .captured }) else {
        throw EgressError(
          .invalidState,
          "the handle is not one of a secret captured in this operation as `\(profile)`; fetch the secret again"
        )
      }
      return Credential(captured: secret, profile: profile, alternative: alternative)
    }
  }

  /// A better credential after a 401, nil when there is none.
  private func refreshed(
    _ credential: Credential?, _ tally: inout Tally
  ) async throws(EgressError) -> Credential? {
    let start = edge.clock.unixNanoseconds
    defer { tally.tokenTook(from: start, to: edge.clock.unixNanoseconds) }
    guard let credential, case .token(let generation) = credential.origin else { return nil }
    do throws(TokenFailure) {
      return try await edge.tokens.refresh(
        connection: scope.connection.id, profile: credential.profile, after: generation
      ).map { Credential($0, profile: credential.profile) }
    } catch {
      throw EgressError(error.isTransient ? .upstream : .unauthenticated, error.message)
    }
  }

  private func send(_ wired: Draft.Wired, _ draft: Draft, _ tally: inout Tally) async -> Finding {
    let start = edge.clock.unixNanoseconds
    let limits = edge.manifest.limits
    let sink = request.options.contains(.toBlob) ? scope.blobs.keeper?.writer() : nil
    let wire = TransportRequest(
      method: draft.destination.method, url: wired.url.text, headers: wired.headers,
      body: draft.body?.wire,
      sink: sink, isWrite: draft.destination.isWrite,
      timeout: min(request.timeout ?? limits.timeout, limits.timeout, tally.remaining(at: start)),
      maximumResponse: min(request.maximumResponse ?? limits.maximumResponse, limits.maximumResponse))
    let result = await edge.transport.exchange(wire)
    let finding: Finding
    var network = Duration.nanoseconds(Int64(clamping: edge.clock.unixNanoseconds &- start))
    switch result {
    case .failed(let failure): finding = .failed(failure)
    case .answered(let answer):
      var told = read(answer, at: draft.destination, hiding: wired.redaction)
      if let sink, sink.size > 0 {
        told.kept = await keep(sink, type: told.headers["content-type"] ?? "")
      }
      finding = .answered(told)
      network = answer.network
    }
    if finding.isOnTheWire {
      tally.exchange(took: network, mayHaveWritten: draft.destination.isWrite && !finding.isProvenUndone)
    }
    return finding
  }

  private func keep(_ sink: BlobWriter, type: String) async -> Finding.Kept {
    do throws(BlobError) {
      let (number, blob) = try await scope.blobs.keep(sink, type: type)
      return .blob(BlobRange(blob: number, offset: 0, length: blob.size))
    } catch {
      return .failed(error.message)
    }
  }

  /// Takes secrets out of an answer, then says what it means.
  private func read(
    _ answer: TransportAnswer, at destination: Destination, hiding redaction: Redaction
  ) -> Finding.Answer {
    let capture = SecretCapture(rules: destination.endpoint.capture)
    let captured = capture.apply(to: answer.body, isSuccess: (200..<300).contains(answer.status)) {
      secret, profile, key in
      edge.withCaptured { $0.keep(secret, profile: profile, key: key, operation: scope.operation) }
    }
    // The platform may repeat in a header or a later answer what it handed out in this one.
    let known = edge.withCaptured { $0.all(of: scope.operation) }
    let redaction = redaction.alsoHiding(known.map { secret in secret.reveal { $0 } })
    let body: [UInt8] =
      switch captured {
      case .unchanged: redaction.apply(to: answer.body)
      case .replaced(let bytes): redaction.apply(to: bytes)
      case .unreadable: []
      }
    let headers = redaction.apply(to: answer.headers.filter { $0.name != "set-cookie" })
    return Finding.Answer(
      status: answer.status, headers: headers, body: body,
      verdict: edge.classifier.verdict(
        status: answer.status, headers: headers, body: body,
        isBodyKnown: captured != .unreadable && destination.method != "HEAD"),
      retryAfter: RetryAfter.parse(headers["retry-after"], unixNanoseconds: edge.clock.unixNanoseconds),
      isWithheld: captured == .unreadable)
  }

  private func pause(_ wait: Duration, _ reason: String, _ tally: inout Tally) async throws(EgressError) {
    let start = edge.clock.unixNanoseconds
    scope.waits(true)
    let slept: Void? = try? await edge.clock.sleep(for: wait)
    scope.waits(false)
    tally.wait(from: start, to: edge.clock.unixNanoseconds, reason: reason)
    if slept == nil {
      throw EgressError(.cancelled, "cancelled while waiting (\(reason)); nothing more was sent")
    }
  }
}
