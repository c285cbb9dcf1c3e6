import ConnectorModel
import Ports
import TestTools
import Testing

@testable import Egress

/// Whatever a server sends, an exchange ends once, within its bounds, in plain words.
///
/// `scripts/fuzz response` runs more of it.
@Suite(.timeLimit(.minutes(10))) struct ResponseFuzzTests {
  private static let bound = 4096

  private static let answers: [[UInt8]] =
    [
      "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nContent-Type: application/json\r\n\r\n{\"a\":[1,2]}",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-T: 1\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nX-Request-Id: 1\r\n\r\n",
      "HTTP/1.1 429 Too Many Requests\r\nRetry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example.com/x\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.0 500 Oops\r\nConnection: close\r\n\r\n<html>until the end",
      "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nX-Long: \(String(repeating: "y", count: 300))\r\n\r\nrest",
    ].map { Array($0.utf8) } + [
      Array(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(GzipSample.mebibyteOfZeros.count)\r\n\r\n"
          .utf8)
        + GzipSample.mebibyteOfZeros
    ]

  private static let words = [
    "HTTP/1.1 ", "HTTP/2 ", "HTTP/0.9", " 99 ", " 1000 ", "Content-Length: 5\r\nContent-Length: 6\r\n",
    "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "FFFFFFFFFFFFFFFF\r\n", "0\r\n\r\n", "Content-Encoding: br\r\n", "Retry-After: 1e9\r\n", "\r\n\r\n",
    " folded\r\n",
    "X: \u{0}\r\n", "\r", "Location: http://127.0.0.1/\r\n", "X-\u{7F}: 1\r\n", ": no name\r\n",
  ]

  @Test func mutatedAnswerEndsOnceWithinItsBounds() async throws {
    let mutator = ByteMutator(corpus: Self.answers, words: Self.words)
    let run = FuzzRun("response", rounds: 150)
    for seed in run.seeds {
      var random = SplitMix64(seed: seed)
      let bytes = mutator.next(using: &random)
      run.note(bytes)
      let isWrite = Bool.random(using: &random)
      let server = try LoopbackServer { connection in
        connection.readRequest()
        connection.write(bytes)
      }
      let wire = try Wire(port: server.port)
      let request = Wire.request(
        isWrite ? "POST" : "GET", body: isWrite ? "{}" : nil, maximumResponse: Self.bound, maximumHeaders: 512
      )
      judge(await wire.send(request), seed)
      #expect(server.requests.count <= (isWrite ? 1 : 2), "seed \(seed): sent again")
      await wire.transport.shutdown()
      server.stop()
    }
  }

  private func judge(_ result: TransportResult, _ seed: UInt64) {
    switch result {
    case .answered(let answer):
      #expect((100...999).contains(answer.status), "seed \(seed): \(answer.status)")
      #expect(answer.body.count <= Self.bound, "seed \(seed): \(answer.body.count) bytes")
      for header in answer.headers {
        #expect(header.name == header.name.lowercased() && !header.name.isEmpty, "seed \(seed): \(header)")
        let text = header.name + header.value
        #expect(!text.utf8.contains { [0, 10, 13].contains($0) }, "seed \(seed): \(header)")
      }
      let size = answer.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
      #expect(size <= 512, "seed \(seed): \(size) bytes of headers")
    case .failed(let failure):
      #expect(!failure.message.isEmpty && !failure.message.contains("\n"), "seed \(seed): \(failure)")
      #expect(failure.requestMayHaveLeft, "seed \(seed): the server had read the request: \(failure)")
    }
  }
}
