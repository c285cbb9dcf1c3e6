import ConnectorModel
import Ports
import Testing

@testable import Egress

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.timeLimit(.minutes(10))) struct CurlTransportTests {
  /// Runs `body` against a server and ends both.
  func withServer(
    _ serve: @escaping @Sendable (LoopbackConnection) -> Void,
    _ body: (LoopbackServer, Wire) async throws -> Void
  ) async throws {
    let server = try LoopbackServer(serve)
    let wire = try Wire(port: server.port)
    try await body(server, wire)
    await wire.transport.shutdown()
    server.stop()
  }

  @Test func requestsAndAnswersArriveAsTheyAre() async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.answer("done", status: 201, headers: "X-Thing:  a b \r\nX-THING: c\r\n")
    } _: { server, wire in
      let result = await wire.send(
        Wire.request(
          "POST", "http://api.example.com/a%3Ab/c?q=1",
          headers: [HeaderField("X-A", "1"), HeaderField("X-Empty", "")],
          body: "{\"a\":1}"))
      #expect(result.answer?.status == 201)
      #expect(result.text == "done")
      #expect(result.answer?.headers.filter { $0.name == "x-thing" }.map(\.value) == ["a b", "c"])
      #expect((result.answer?.network ?? .zero) > .zero)
      let sent = try #require(server.requests.first)
      #expect(sent.hasPrefix("POST /a%3Ab/c?q=1 HTTP/1.1\r\nHost: api.example.com\r\n"))
      #expect(sent.contains("\r\nX-A: 1\r\n") && sent.contains("\r\nX-Empty:\r\n"))
      #expect(sent.hasSuffix("\r\n\r\n{\"a\":1}"))
      let names = sent.lowercased()
      for absent in ["expect:", "cookie:", "content-type:", "authorization:", "proxy"] {
        #expect(!names.contains(absent), "\(absent)")
      }
    }
  }

  @Test(
    arguments: [
      ("POST", nil, "0"), ("PUT", nil, "0"), ("PATCH", "abc", "3"), ("DELETE", "abc", "3"),
      ("DELETE", nil, nil),
      ("GET", nil, nil), ("HEAD", nil, nil), ("OPTIONS", nil, nil),
    ] as [(String, String?, String?)])
  func everyMethodHasItsFraming(_ method: String, _ body: String?, _ length: String?) async throws {
    try await withServer { connection in
      while connection.readRequest() != nil {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(method == "HEAD" ? 100 : 0)\r\n\r\n")
      }
    } _: { server, wire in
      for _ in 1...2 { #expect(await wire.send(Wire.request(method, body: body)).answer?.status == 200) }
      let sent = try #require(server.requests.last)
      #expect(sent.hasPrefix("\(method) /x HTTP/1.1"))
      let found = sent.lowercased().firstMatch(of: #/content-length: (\d+)/#).map { String($0.1) }
      #expect(found == length)
      #expect(server.connections == 1, "the handle of the first transfer left no trace")
    }
  }

  @Test func plainRequestsLeaveNothingToTheNext() async throws {
    try await withServer { connection in
      while connection.readRequest() != nil {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      }
    } _: { server, wire in
      let secret = HeaderField("Authorization", "Bearer one")
      let plain = HeaderField("Accept-Encoding", "identity")
      _ = await wire.send(Wire.request("GET", "http://api.example.com/a?key=1", headers: [secret, plain]))
      _ = await wire.send(Wire.request("DELETE", "http://api.example.com/b"))
      _ = await wire.send(Wire.request("HEAD", "http://api.example.com/c", headers: [secret]))
      _ = await wire.send(Wire.request("GET", "http://api.example.com/d"))
      let sent = server.requests
      #expect(
        sent.compactMap { $0.split(separator: "\r\n").first } == [
          "GET /a?key=1 HTTP/1.1", "DELETE /b HTTP/1.1", "HEAD /c HTTP/1.1", "GET /d HTTP/1.1",
        ])
      #expect(sent.map { $0.contains("Bearer one") } == [true, false, true, false])
      #expect(
        sent.map { $0.lowercased().contains("accept-encoding: identity") } == [true, false, false, false])
      #expect(sent[1].lowercased().contains("accept-encoding: "), "the host's own is back")
    }
  }

  @Test func connectionsAreKeptAlive() async throws {
    try await withServer { connection in
      while connection.readRequest() != nil { connection.answer() }
    } _: { server, wire in
      for _ in 1...20 { #expect(await wire.send().text == "ok") }
      #expect(server.connections == 1)
      #expect(server.requests.count == 20)
    }
  }

  @Test func manyRequestsAtOnceAreAllAnswered() async throws {
    try await withServer { connection in
      while let request = connection.readRequest() {
        connection.answer(String(request.prefix { $0 != "\r\n" }))
      }
    } _: { server, wire in
      let texts = await withTaskGroup(of: String.self) { group in
        for index in 1...50 {
          group.addTask { await wire.send(Wire.request("GET", "http://api.example.com/\(index)")).text }
        }
        return await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(texts == Set((1...50).map { "GET /\($0) HTTP/1.1" }))
    }
  }

  @Test func requestsDoNotWaitForEachOthersAnswers() async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.waitForClose()
    } _: { server, wire in
      let tasks = (1...3).map { _ in Task { await wire.send() } }
      await server.waitForRequests(3)
      for task in tasks { task.cancel() }
      for task in tasks { #expect(await task.value.failure?.kind == .cancelled) }
    }
  }

  /// libcurl would send it again by itself; who repeats what is the host's decision, for reads too.
  @Test(arguments: ["POST", "GET"])
  func aRequestOnAConnectionThatClosesUnansweredIsSeenOnce(method: String) async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.answer()
      connection.readRequest()
    } _: { server, wire in
      #expect(await wire.send(Wire.request("HEAD")).answer != nil)
      let failure = await wire.send(Wire.request(method, body: method == "POST" ? "publish" : nil)).failure
      #expect(failure?.kind == .reset)
      #expect(failure?.requestMayHaveLeft == true)
      #expect(server.requests.filter { $0.hasPrefix(method) }.count == 1)
    }
  }

  @Test func nothingLeftWhenNobodyListens() async throws {
    let server = try LoopbackServer { _ in }
    server.stop()
    let wire = try Wire(port: server.port)
    let failure = await wire.send(Wire.request("POST", body: "x")).failure
    #expect(failure?.kind == .connect)
    #expect(failure?.requestMayHaveLeft == false)
    await wire.transport.shutdown()
  }

  @Test(arguments: [
    ("", TransportFailure.Kind.reset), ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .truncated),
    ("HTTP/1.1 200 OK\r\nContent-Le", .truncated),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", .truncated),
  ])
  func connectionsThatBreakAreToldByWhereTheyBreak(_ answer: String, _ kind: TransportFailure.Kind)
    async throws
  {
    for resets in [true, false] {
      try await withServer { connection in
        connection.readRequest()
        connection.write(answer)
        if resets { connection.reset() }
      } _: { server, wire in
        let failure = await wire.send(Wire.request("POST", body: "x")).failure
        // A reset may overtake the bytes before it.
        #expect(failure?.kind == kind || (resets && failure?.kind == .reset), "reset: \(resets)")
        #expect(failure?.requestMayHaveLeft == true)
        #expect(server.connections == 1)
      }
    }
  }

  @Test func aConnectionResetBeforeTheRequestIsReadMayHaveCarriedIt() async throws {
    try await withServer { connection in
      connection.reset()
    } _: { server, wire in
      let failure = await wire.send(Wire.request("POST", body: "x")).failure
      #expect(failure != nil && failure?.kind != .other)
      #expect(server.connections == 1)
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    "SSH-2.0-OpenSSH_9.2\r\n",
  ])
  func brokenAnswersAreMalformed(_ answer: String) async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.write(answer)
    } _: { _, wire in
      let failure = await wire.send(Wire.request("POST", body: "x")).failure
      #expect(failure?.kind == .malformed)
      #expect(failure?.requestMayHaveLeft == true)
      #expect(failure?.message.contains("hello") == false)
    }
  }

  @Test func answersLargerThanTheCapAreCutOff() async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 2048))
    } _: { _, wire in
      #expect(await wire.send(Wire.request(maximumResponse: 1000)).failure?.kind == .tooLarge)
      #expect(await wire.send(Wire.request(maximumResponse: 2048)).answer?.body.count == 2048)
    }
  }

  @Test func aSmallAnswerThatUnpacksToALargeOneIsCutOff() async throws {

    let bomb = GzipSample.mebibyteOfZeros
    try await withServer { connection in
      connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
      connection.write(bomb)
    } _: { server, wire in
      #expect(await wire.send(Wire.request(maximumResponse: 1 << 19)).failure?.kind == .tooLarge)
      #expect(await wire.send(Wire.request(maximumResponse: 1 << 20)).answer?.body.count == 1 << 20)
      #expect(server.requests.first?.contains("gzip") == true)
    }
  }

  @Test func headersLargerThanTheCapAreCutOff() async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.answer(
        headers: String(repeating: "X-A: \(String(repeating: "y", count: 100))\r\n", count: 50))
    } _: { _, wire in
      #expect(await wire.send(Wire.request(maximumHeaders: 4096)).failure?.kind == .tooLarge)
      #expect(await wire.send(Wire.request(maximumHeaders: 8192)).text == "ok")
    }
  }

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal"])
  func stalledAnswersTimeOut(_ start: String) async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.write(start)
      connection.waitForClose()
    } _: { _, wire in
      let failure = await wire.send(Wire.request("POST", body: "x", timeout: .seconds(2))).failure
      #expect(failure?.kind == .timeout)
      #expect(failure?.requestMayHaveLeft == true)
    }
  }

  @Test func slowAnswersArriveWhole() async throws {
    try await withServer { connection in
      connection.readRequest()
      for byte in "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow".utf8 { connection.write([byte]) }
    } _: { _, wire in
      #expect(await wire.send().text == "slow")
    }
  }

  @Test func redirectsAreAnswersHere() async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.answer(status: 302, headers: "Location: http://api.example.com/y\r\nSet-Cookie: a=b\r\n")
    } _: { server, wire in
      #expect(await wire.send().answer?.status == 302)
      #expect(server.requests.count == 1)
    }
  }

  @Test func cancellingEndsAnExchangeUnderWay() async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n")
      connection.waitForClose()
    } _: { server, wire in
      let task = Task { await wire.send(Wire.request("POST", body: "x")) }
      await server.waitForRequests(1)
      task.cancel()
      let failure = await task.value.failure
      #expect(failure?.kind == .cancelled)
      #expect(failure?.requestMayHaveLeft == true)
      await server.waitForRequests(2)
      #expect(server.requests.last == "closed")
    }
  }

  @Test func shutdownAnswersEverythingAndRefusesMore() async throws {
    try await withServer { connection in
      connection.readRequest()
      connection.waitForClose()
    } _: { server, wire in
      let tasks = (1...5).map { _ in Task { await wire.send() } }
      await server.waitForRequests(5)
      await wire.transport.shutdown()
      for task in tasks { #expect(await task.value.failure?.kind == .cancelled) }
      let late = await wire.send().failure
      #expect(late?.kind == .cancelled && late?.requestMayHaveLeft == false)
    }
  }

  /// In a process of its own: the environment belongs to all tests of a process.
  @Test func aProxyFromTheEnvironmentIsIgnored() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("http_proxy", "http://127.0.0.1:9", 1)
      try await CurlTransportTests().withServer { connection in
        connection.readRequest()
        connection.answer()
      } _: { _, wire in
        let result = await wire.send()
        #expect(result.text == "ok")
      }
    }
  }

  @Test func namesThatLeadToPrivateAddressesAreRefused() async throws {
    try await withServer { connection in
      connection.answer()
    } _: { server, wire in
      let failure = await wire.send(Wire.request("GET", "http://localhost:\(server.port)/")).failure
      #expect(failure?.kind == .refusedAddress)
      #expect(failure?.requestMayHaveLeft == false)
      #expect(server.connections == 0)
    }
  }

  @Test func mappingsNeedAnIPAddress() {
    #expect(throws: EgressError.self) {
      try CurlTransport(
        options: TransportOptions(
          connectTo: [ConnectMapping(host: "a.example", port: 80, address: "localhost", addressPort: 1)]))
    }
  }

  @Test func namesThatDoNotResolveSendNothing() async throws {
    let wire = try Wire(port: 1)
    let failure = await wire.send(Wire.request("POST", "http://no-such-host.invalid/", body: "x")).failure
    #expect(failure?.kind == .resolve)
    #expect(failure?.requestMayHaveLeft == false)
    await wire.transport.shutdown()
  }
}
