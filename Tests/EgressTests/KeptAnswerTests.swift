import ConnectorModel
import Manifest
import Ports
import Synchronization
import Testing

@testable import Egress

@Suite(.timeLimit(.minutes(10))) struct KeptAnswerTests {
  /// Keeps nothing but what the tests look at.
  private final class Keeper: BlobKeeper {
    let kept = Mutex<[UInt64: UInt64]>([:])
    let limit: UInt64
    var sizes: [UInt64: UInt64] { kept.withLock { $0 } }

    init(limit: UInt64 = .max) { self.limit = limit }

    func writer() -> BlobWriter { BlobWriter(in: "/tmp", limit: limit, digest: NoDigest()) }

    func keep(_ writer: BlobWriter, type: String, number: UInt64) async throws(BlobError) -> StoredBlob {
      let finished = try writer.finish()
      kept.withLock { $0[number] = finished.size }
      return StoredBlob(.bytes([]), size: finished.size, type: type, sha256: finished.sha256)
    }
  }

  private struct NoDigest: StreamingDigest {
    func update(_ bytes: [UInt8]) {}
    func finish() -> [UInt8] { [] }
  }

  /// Performs one read that wants its answer as a blob, against a server that answers so.
  private func perform(
    _ keeper: Keeper, capture: [Manifest.Capture] = [],
    _ serve: @escaping @Sendable (LoopbackConnection) -> Void
  ) async throws -> (HTTPAnswer, requests: Int) {
    let server = try LoopbackServer(serve)
    let wire = try Wire(port: server.port)
    let manifest = Manifest.sample(endpoints: [
      "api": .sample(bases: ["http://api.example.com"], capture: capture)
    ])
    let clock = SystemClock()
    let egress = Egress(
      manifest: manifest, tokens: StubTokens(), transport: wire.transport, clock: clock, seed: 1)
    let film = StoredBlob(.bytes([]), size: 0, type: "video/mp4", sha256: "")
    let scope = OperationScope(
      operation: "op", connection: Connection(id: "con_1"),
      deadline: clock.unixNanoseconds + 60_000_000_000, blobs: OperationBlobs([2: film], keeper: keeper))
    let request = HTTPRequest(method: "GET", url: "/x", endpoint: "api", options: .toBlob)
    let performed = await withCheckedContinuation { waiter in
      _ = egress.perform(request, for: scope) { waiter.resume(returning: $0) }
    }
    await wire.transport.shutdown()
    server.stop()
    return (performed.answer, server.requests.count)
  }

  @Test func anAnswerLargerThanMemoryAllowsIsKeptUnderTheNextNumber() async throws {
    let keeper = Keeper()
    let (answer, _) = try await perform(keeper) { connection in
      connection.readRequest()
      connection.answer(String(repeating: "x", count: 9 << 20), headers: "Content-Type: video/mp4\r\n")
    }
    #expect(answer.outcome == .ok)
    #expect(answer.body == .blob(BlobRange(blob: 3, offset: 0, length: 9 << 20), contentType: "video/mp4"))
    #expect(keeper.sizes == [3: 9 << 20])
  }

  @Test func onlySuccessIsKept() async throws {
    let keeper = Keeper()
    let (answer, _) = try await perform(keeper) { connection in
      connection.readRequest()
      connection.answer("no such thing", status: 404)
    }
    #expect(answer.outcome == .notFound && answer.body.inlineBytes == Array("no such thing".utf8))
    #expect(keeper.sizes.isEmpty)
  }

  @Test func anAnswerOverTheBlobsOwnLimitIsOverQuota() async throws {
    let keeper = Keeper(limit: 100)
    let (answer, _) = try await perform(keeper) { connection in
      connection.readRequest()
      connection.answer(String(repeating: "x", count: 101))
    }
    #expect(answer.outcome == .quota && keeper.sizes.isEmpty)
  }

  @Test func whereSecretsAreCapturedNothingIsStreamedPastThem() async throws {
    let capture = [Manifest.Capture(path: JSONPath(steps: [.member("token")]), profile: "page_token")]
    let (answer, requests) = try await perform(Keeper(), capture: capture) { $0.answer() }
    #expect(answer.outcome == .permission && requests == 0)
  }
}
