import ConnectorModel
import Ports
import Testing

@testable import Egress

@Suite struct MediaFetcherTests {
  private func fetch(
    _ script: [ScriptedTransport.Line], _ url: String = "https://cdn.example.com/a/b.png"
  ) async
    -> (refusal: MediaFetcher.Refusal?, sent: [TransportRequest])
  {
    let transport = ScriptedTransport(script)
    do throws(MediaFetcher.Refusal) {
      _ = try await MediaFetcher(transport: transport).fetch(url, timeout: .seconds(30)) {
        BlobWriter(in: "/tmp", limit: 10, digest: NoDigest())
      }
      return (nil, transport.sent)
    } catch { return (error, transport.sent) }
  }

  @Test func onlyHTTPSIsAsked() async {
    for url in [
      "http://cdn.example.com/x", "ftp://cdn.example.com/x", "file:///etc/passwd", "x",
      "https://u:p@a/x",
    ] {
      let (refusal, sent) = await fetch([], url)
      #expect(refusal?.outcome == .invalidInput && sent.isEmpty, "\(url)")
    }
  }

  @Test func everyHopIsAskedAnewAndOverHTTPSOnly() async {
    let (refusal, sent) = await fetch([
      .answer(302, [HeaderField("location", "/c.png")]),
      .answer(307, [HeaderField("location", "http://cdn.example.com/c.png")]),
    ])
    #expect(refusal?.outcome == .invalidInput)
    #expect(
      sent.map(\.url) == ["https://cdn.example.com/a/b.png", "https://cdn.example.com/c.png"])
    #expect(
      sent.allSatisfy {
        $0.headers["accept-encoding"] == "identity" && $0.headers["authorization"] == nil
      })
  }

  @Test func redirectsEnd() async {
    let (refusal, sent) = await fetch(
      .init(repeating: .answer(302, [HeaderField("location", "/x")]), count: 20))
    #expect(refusal?.outcome == .invalidInput && sent.count == MediaFetcher.maximumRedirects + 1)
  }

  @Test(arguments: [
    (404, OutcomeCode.invalidInput), (206, .upstream), (503, .upstream), (429, .upstream),
    (200, .invalidInput),
  ])
  func onlyACompleteAnswerCounts(_ status: Int, _ outcome: OutcomeCode) async {
    // The scripted network puts nothing in the sink: a 200 without bytes is nothing.
    #expect(await fetch([.answer(status)]).refusal?.outcome == outcome)
  }

  @Test func failuresOfTheNetworkMayPass() async {
    for (kind, outcome) in [
      (TransportFailure.Kind.resolve, OutcomeCode.network), (.reset, .network),
      (.timeout, .timeout),
      (.refusedAddress, .invalidInput), (.tooLarge, .invalidInput),
    ] {
      #expect(await fetch([.failure(kind, left: true)]).refusal?.outcome == outcome)
    }
  }

  @Test func privateAddressesAreNotReached() async throws {
    let transport = try CurlTransport()
    for url in [
      "https://127.0.0.1:9/x", "https://localhost:9/x", "https://169.254.169.254/latest",
      "https://[::1]:9/x",
    ] {
      do throws(MediaFetcher.Refusal) {
        _ = try await MediaFetcher(transport: transport).fetch(url, timeout: .seconds(30)) {
          BlobWriter(in: "/tmp", limit: 10, digest: NoDigest())
        }
        Issue.record("\(url) was fetched")
      } catch { #expect(error.outcome == .invalidInput, "\(url): \(error.message)") }
    }
    await transport.shutdown()
  }
}

private struct NoDigest: StreamingDigest {
  func update(_ bytes: [UInt8]) {}
  func finish() -> [UInt8] { [] }
}
