internal import ConnectorModel
internal import Dispatch
internal import Manifest
internal import Ports
internal import Synchronization

/// A platform that answers as a transcript says, with faults at chosen effects; one exchange at a time.
final class ScriptedPlatform: Transport {
  private struct State {
    /// Exchanges by index that were used.
    var used: Set<Int> = []
    /// What came over the wire, in order.
    var requests: [Request] = []
    var fault: PlatformFault?
    var instead: TransportResult?
    var unexpected: [String] = []
  }

  /// What a platform sees of a request.
  struct Request: Sendable, Equatable {
    var method: String
    /// Below the endpoint's base.
    var url: String
    var body: [UInt8]
    /// Whole, with credentials: only compared, never printed.
    var wholeURL: String
    var headers: [HeaderField]
  }

  private let transcript: Transcript
  /// Paths of the endpoints' bases, longest first.
  private let bases: [String]
  private let faultBody: [UInt8]
  private let rewrite: @Sendable (TransportAnswer) -> TransportAnswer
  /// A path is answered by its first exchange for ever, whatever its query.
  private let repeatsAnswers: Bool
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "patchbay-platform")

  init(
    _ transcript: Transcript, _ manifest: Manifest, repeatsAnswers: Bool = false,
    rewrite: @escaping @Sendable (TransportAnswer) -> TransportAnswer = { $0 }
  ) {
    self.transcript = transcript
    self.repeatsAnswers = repeatsAnswers
    self.rewrite = rewrite
    bases = manifest.endpoints.values.flatMap(\.bases).map(Self.path(ofBase:)).sorted {
      ($1.utf8.count, $0) < ($0.utf8.count, $1)
    }
    faultBody = Self.faultBody(manifest.errorFields)
  }

  var requests: [Request] { state.withLock { $0.requests } }
  /// Requests that no exchange of the transcript answers.
  var unexpected: [String] { state.withLock { $0.unexpected } }

  /// Exchanges that the transcript needs and nobody asked for.
  var unused: [Transcript.Exchange] {
    let used = state.withLock { $0.used }
    return transcript.exchanges.enumerated().filter { !used.contains($0.offset) && !$0.element.isOptional }
      .map(\.element)
  }

  /// From now on every request meets `fault`.
  func meet(_ fault: PlatformFault?) { state.withLock { $0.fault = fault } }

  /// From now on every request gets `result`.
  func bring(_ result: TransportResult?) { state.withLock { $0.instead = result } }

  func start(
    _ request: TransportRequest, done: @escaping @Sendable (TransportResult) -> Void
  ) -> Cancellation {
    let result = answer(request)
    queue.async { done(result) }
    return .none
  }

  private func answer(_ request: TransportRequest) -> TransportResult {
    let seen = Request(
      method: request.method, url: belowBase(request.url),
      body: (try? request.body?.wireBytes()) ?? [],
      wholeURL: request.url,
      headers: request.headers)
    return state.withLock { state in
      state.requests.append(seen)
      let matching = transcript.exchanges.indices.filter { matches(transcript.exchanges[$0], seen) }
      // The first that was not used, else the last again: a platform answers a repeated question.
      var index = matching.first { !state.used.contains($0) } ?? matching.last
      if repeatsAnswers {
        index =
          transcript.exchanges.firstIndex {
            $0.method == seen.method && Self.bare($0.url) == Self.bare(seen.url)
          } ?? index
      }
      var answer = TransportAnswer(
        status: 404, headers: [HeaderField("content-type", "application/json")], body: Array("{}".utf8))
      if let index {
        let exchange = transcript.exchanges[index]
        answer = TransportAnswer(status: exchange.status, headers: exchange.headers, body: exchange.answer)
      } else {
        state.unexpected.append("\(seen.method) \(seen.url.prefix { $0 != "?" })")
      }
      if let index, let fault = transcript.exchanges[index].fault, state.fault == nil {
        state.used.insert(index)
        return fault.result(insteadOf: answer, faultBody: faultBody)
      }
      if let fault = state.fault { return fault.result(insteadOf: answer, faultBody: faultBody) }
      if let index { state.used.insert(index) }
      return state.instead ?? .answered(rewrite(answer))
    }
  }

  /// Without its query.
  private static func bare(_ url: String) -> Substring { url.prefix { $0 != "?" } }

  private func matches(_ exchange: Transcript.Exchange, _ request: Request) -> Bool {
    guard exchange.method == request.method, exchange.url == request.url else { return false }
    guard let body = exchange.body else { return true }
    return (try? StableJSON.decode(JSONValue.self, from: request.body)) == body
  }

  private func belowBase(_ url: String) -> String {
    let path = Self.path(ofBase: url)
    for base in bases where !base.isEmpty && path.hasPrefix(base) {
      let rest = path.dropFirst(base.count)
      if rest.isEmpty { return "/" }
      if rest.hasPrefix("/") || rest.hasPrefix("?") { return rest.hasPrefix("/") ? String(rest) : "/\(rest)" }
    }
    return path.isEmpty ? "/" : path
  }

  /// What follows the host.
  private static func path(ofBase url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    let rest = url[scheme.upperBound...]
    guard let slash = rest.firstIndex(of: "/") else { return "" }
    var path = String(rest[slash...])
    if path.hasSuffix("/"), !path.contains("?"), path.utf8.count > 1 { path.removeLast() }
    return path == "/" ? "" : path
  }

  /// An error as the manifest says that errors look, with a code that nobody knows.
  private static func faultBody(_ fields: ErrorFields) -> [UInt8] {
    var value = JSONValue.string(PlatformFault.platformCode)
    for step in (fields.code?.steps ?? [.member("error")]).reversed() {
      switch step {
      case .member(let name): value = .object([name: value])
      case .index, .every: value = .array([value])
      }
    }
    return (try? StableJSON.encode(value)) ?? []
  }
}
