package import ConnectorModel
package import Ports

/// Fetches media that a caller named by URL, over https, from public addresses only.
///
/// Every hop of a redirect is a request of its own, so its address is checked after it was resolved like any other.
package struct MediaFetcher: Sendable {
  /// Why there is no media.
  package struct Refusal: Error, Sendable, Equatable {
    package var outcome: OutcomeCode
    /// One sentence that follows the place's name.
    package var message: String
  }

  static let maximumRedirects = 5

  let transport: any Transport

  package init(transport: any Transport) { self.transport = transport }

  /// Streams what stands at `url` into a writer, whose limit bounds it.
  ///
  /// - Throws: ``Refusal``: `invalidInput` for what another attempt would not change, `network`, `upstream` or
  ///   `timeout` for the rest.
  package func fetch(_ url: String, timeout: Duration, to writer: @Sendable () -> BlobWriter)
    async throws(Refusal) -> BlobWriter
  {
    var target = try Self.checked(url)
    for _ in 0...Self.maximumRedirects {
      let sink = writer()
      let request = TransportRequest(
        method: "GET", url: target.text,
        headers: [
          // A range of a compressed body would be a range of something else.
          HeaderField("Accept-Encoding", "identity"), HeaderField("Accept", "*/*"),
          HeaderField("User-Agent", "patchbay (media)"),
        ], body: nil, sink: sink, isWrite: false, timeout: timeout, maximumResponse: 64 << 10)
      switch await transport.exchange(request) {
      case .failed(let failure): throw Self.refusal(failure)
      case .answered(let answer):
        if [301, 302, 303, 307, 308].contains(answer.status),
          let location = answer.headers["location"]
        {
          target = try Self.checked(location, from: target)
          continue
        }
        try Self.check(answer, sink)
        return sink
      }
    }
    throw Refusal(
      outcome: .invalidInput, message: "its URL redirects more than \(Self.maximumRedirects) times")
  }

  private static func checked(_ text: String, from base: NormalizedURL? = nil) throws(Refusal)
    -> NormalizedURL
  {
    let target: NormalizedURL
    do throws(URLRule) {
      if let base {
        target = try base.resolving(text)
      } else {
        target = try NormalizedURL.absolute(text)
      }
    } catch {
      throw Refusal(outcome: .invalidInput, message: "its URL is refused: \(error.rawValue)")
    }
    guard target.scheme == "https" else {
      throw Refusal(
        outcome: .invalidInput, message: "its URL leads to plain http; only https is fetched")
    }
    return target
  }

  private static func check(_ answer: TransportAnswer, _ sink: BlobWriter) throws(Refusal) {
    switch answer.status {
    case 200: break
    // It was asked for everything: a part must not pass for the whole.
    case 201..<300:
      throw Refusal(
        outcome: .upstream, message: "its server answered \(answer.status) instead of 200")
    case 408, 425, 429, 500...:
      throw Refusal(outcome: .upstream, message: "its server answered \(answer.status)")
    default: throw Refusal(outcome: .invalidInput, message: "its server answered \(answer.status)")
    }
    let encoding = answer.headers["content-encoding"]?.lowercased() ?? "identity"
    guard encoding == "identity" else {
      throw Refusal(
        outcome: .invalidInput, message: "its server encodes it although it was asked not to")
    }
    guard sink.size > 0 else {
      throw Refusal(outcome: .invalidInput, message: "there is nothing at its URL")
    }
  }

  private static func refusal(_ failure: TransportFailure) -> Refusal {
    switch failure.kind {
    case .tooLarge: Refusal(outcome: .invalidInput, message: "it is larger than allowed")
    case .refusedAddress:
      Refusal(
        outcome: .invalidInput,
        message: "its URL leads to a private or reserved address, which is not allowed")
    case .timeout:
      Refusal(outcome: .timeout, message: "it did not come in time (\(failure.message))")
    case .cancelled: Refusal(outcome: .cancelled, message: "fetching it was cancelled")
    case .resolve, .connect, .tls, .reset, .truncated, .malformed, .refusedStream:
      Refusal(outcome: .network, message: "it cannot be fetched (\(failure.message))")
    case .other: Refusal(outcome: .upstream, message: "it cannot be fetched (\(failure.message))")
    }
  }
}
