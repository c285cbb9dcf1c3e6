internal import ConnectorModel
internal import Ports

/// What one exchange came to: an answer and its meaning, or none.
enum Finding: Sendable, Equatable {
  case answered(Answer)
  case failed(TransportFailure)

  /// What became of a body that did not go through memory.
  enum Kept: Sendable, Equatable {
    case blob(BlobRange)
    /// It came and could not be kept; why.
    case failed(String)
  }

  /// An answer as it may be seen: secrets captured, echoes hidden, meaning known.
  struct Answer: Sendable, Equatable {
    var status: Int
    var headers: [HeaderField]
    var body: [UInt8]
    var verdict: ResponseClassifier.Verdict
    var retryAfter: Duration?
    /// Where secrets had to be captured and the body could not be read; it is empty now.
    var isWithheld = false
    /// What became of a body that was to be kept as a blob; nil when it stands in `body`.
    var kept: Kept?

    /// The platform refused for now and did nothing: 429, or 503 with `Retry-After`, unless a rule of the manifest
    /// knows better, as for a daily budget that only tomorrow renews; or another 4xx of which a rule says that it is a
    /// limit.
    ///
    /// A rule is proof only there: by its status the platform refused the request, and the rule says why. A 408 says
    /// nothing of what was done with what came, and a success or a 5xx may have taken effect whatever its body says.
    var isLimit: Bool {
      switch status {
      case 429: verdict.outcome == .rateLimited
      case 400..<500 where status != 408: verdict.outcome == .rateLimited && verdict.isByRule
      case 503: retryAfter != nil && (verdict.outcome == .upstream || verdict.outcome == .rateLimited)
      default: false
      }
    }
  }

  /// Some of the request may have left.
  var isOnTheWire: Bool {
    switch self {
    case .answered: true
    case .failed(let failure): failure.requestMayHaveLeft || failure.kind == .refusedStream
    }
  }

  /// What it tells the limiter.
  var pace: ConcurrencyRule.Pace {
    switch self {
    case .answered(let answer) where answer.isLimit || answer.verdict.outcome == .rateLimited: .refused
    case .answered(let answer) where answer.status < 500: .fine
    default: .unclear
    }
  }

  /// The platform certainly did not carry the request out.
  var isProvenUndone: Bool {
    switch self {
    case .answered(let answer): answer.isLimit || answer.status == 429 || answer.status == 401
    case .failed(let failure): !failure.requestMayHaveLeft
    }
  }
}
