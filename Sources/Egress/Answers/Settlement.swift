internal import ConnectorModel
internal import Ports

/// Turns the last finding of an effect into what the connector is told.
struct Settlement: Sendable {
  /// Something was sent that must not be repeated blindly: this request, or one that was redirected here.
  let isWrite: Bool
  let options: HTTPRequest.Options

  private static let advice = "it may have taken effect, so look before sending it again"

  func answer(to finding: Finding) -> HTTPAnswer {
    switch finding {
    case .answered(let answer): settle(answer)
    case .failed(let failure): settle(failure)
    }
  }

  /// The answer to a refusal that asks for a longer wait than a running operation has.
  func answer(to finding: Finding, askedToWait wait: Duration) -> HTTPAnswer {
    var told = answer(to: finding)
    told.retryAfter = wait
    guard !options.contains(.raw) else { return told }
    told.outcome = .rateLimited
    told.message += "; the next attempt may come in \(wait.words)"
    return told
  }

  private func settle(_ answer: Finding.Answer) -> HTTPAnswer {
    var told = HTTPAnswer(
      outcome: answer.verdict.outcome, status: answer.status, headers: answer.headers,
      body: Self.payload(answer), message: answer.verdict.message, platformCode: answer.verdict.platformCode,
      requestID: answer.verdict.requestID, retryAfter: answer.retryAfter)
    if answer.isWithheld {
      told.outcome = isWrite ? .unknownOutcome : .upstream
      told.message =
        "the answer (\(answer.status)) may hold a secret and is no readable JSON, so it was withheld"
      return told
    }
    switch answer.kept {
    case nil: break
    case .blob(let range):
      told.body = .blob(range, contentType: answer.headers["content-type"] ?? "")
    case .failed(let why):
      told.outcome = isWrite ? .unknownOutcome : .quota
      told.message = "the answer (\(answer.status)) came and could not be kept: \(why)"
      return told
    }
    if options.contains(.raw)
      || (options.contains(.noRedirect) && (300..<400).contains(answer.status))
    {
      told.outcome = .ok
      told.message = ""
    } else if isWrite, answer.status >= 500, !answer.isLimit, told.outcome == .upstream {
      told.outcome = .unknownOutcome
      told.message += "; \(Self.advice)"
    }
    return told
  }

  private func settle(_ failure: TransportFailure) -> HTTPAnswer {
    if isWrite, failure.requestMayHaveLeft {
      return HTTPAnswer(outcome: .unknownOutcome, message: "\(failure.message); \(Self.advice)")
    }
    return HTTPAnswer(outcome: Self.outcome(of: failure), message: failure.message)
  }

  /// For requests that may be repeated, or that never left.
  private static func outcome(of failure: TransportFailure) -> OutcomeCode {
    switch failure.kind {
    case .cancelled: .cancelled
    case .refusedAddress: .network
    case .tooLarge: .quota
    case _ where !failure.requestMayHaveLeft: .network
    case .timeout: .timeout
    case .resolve, .connect, .tls, .reset, .truncated, .malformed, .refusedStream: .upstream
    case .other: .internal
    }
  }

  private static func payload(_ answer: Finding.Answer) -> Payload {
    let type = answer.headers["content-type"] ?? ""
    let essence = String(
      decoding: type.utf8.prefix { $0 != UInt8(ascii: ";") }.filter { $0 > 0x20 }, as: UTF8.self
    ).lowercased()
    let isJSON =
      essence == "application/json" || (essence.hasPrefix("application/") && essence.hasSuffix("+json"))
    return isJSON && !answer.body.isEmpty ? .json(answer.body) : .bytes(answer.body, contentType: type)
  }
}
