import Foundation
import HTTPAPI
import Ports
import TestTools
import Testing

/// A real server and a client that sees every byte.
@Suite(.offThePool) struct HTTPServerTests {
  private func request(
    _ line: String, key: String? = ScriptedService.everything, headers: String = "", body: String? = nil
  ) -> String {
    var text = "\(line) HTTP/1.1\r\nHost: localhost\r\n\(headers)"
    if let key { text += "Authorization: Bearer \(key)\r\n" }
    if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
    return text + "\r\n" + (body ?? "")
  }

  private let last = "Connection: close\r\n"
  private let order = #"{"connectionId":"con_1","idempotencyKey":"k","payload":{}}"#

  @Test func answersCarryTheUsualLines() async throws {
    let server = try await TestServer.start()
    let answer = try await server.exchange(request("GET /api/jobs/job_1", headers: last))
    #expect(answer.ending == .closed)
    #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    let head = answer.text.lowercased()
    for line in [
      "cache-control: no-store", "content-type: application/json", "x-content-type-options: nosniff",
      "date: ",
    ] {
      #expect(head.contains("\r\n\(line)"), "\(line)")
    }
    let id = try #require(answer.text.firstMatch(of: /(?i)x-request-id: (req_[0-9a-f]{16})/)).1
    try await server.stop()
    let record = try #require(server.records.first)
    #expect(record.requestID == id)
    #expect(record.route == "/api/jobs/{id}")
    #expect(record.tenant == "acme" && record.key == "every001" && record.status == 200)
  }

  @Test func connectionsAreKeptAndRequestsSentAheadAnsweredInOrder() async throws {
    let server = try await TestServer.start()
    let answer = try await server.exchange(
      request("POST /api/publish", body: order) + request("GET /ping") + request("HEAD /ping")
        + request("GET /api/none", headers: last))
    let statuses = answer.text.matches(of: /HTTP\/1\.1 (\d+)/).map { String($0.1) }
    #expect(statuses == ["202", "200", "200", "404"])
    #expect(answer.text.contains("\"isAlive\":true}HTTP/1.1 200"))
    try await server.stop()
  }

  @Test func chunkedBodiesAreRead() async throws {
    let server = try await TestServer.start()
    let head =
      "POST /api/publish HTTP/1.1\r\nHost: x\r\nX-API-Key: \(ScriptedService.everything)\r\n"
      + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\(last)\r\n"
    let half = order.utf8.count / 2
    let parts = [order.prefix(half), order.dropFirst(half)].map {
      "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n"
    }
    let answer = try await server.exchange(head + parts.joined() + "0\r\n\r\n")
    #expect(answer.text.hasPrefix("HTTP/1.1 202"), "\(answer.text)")
    try await server.stop()
  }

  @Test func clientsThatStopSendingAreAnswered() async throws {
    let server = try await TestServer.start()
    let text = request("GET /api/jobs")
    let answer = try await server.talk { client in
      client.send(text)
      client.finishSending()
      return client.read()
    }
    #expect(answer.text.hasPrefix("HTTP/1.1 200"))
    #expect(answer.ending == .closed)
    try await server.stop()
  }

  @Test func oldClientsAreAnsweredAndTheirConnectionsClosed() async throws {
    let server = try await TestServer.start()
    let answer = try await server.exchange("GET /ping HTTP/1.0\r\n\r\n")
    #expect(answer.text.contains(" 200 OK"))
    #expect(answer.ending == .closed)
    try await server.stop()
  }

  @Test func largeAnswersArriveWholeBeforeTheConnectionCloses() async throws {
    let server = try await TestServer.start()
    let name = String(repeating: "n", count: 12_000_000)
    server.service.setAccountName(name)
    for headers in [last, "Connection: Close\r\n"] {
      let answer = try await server.exchange(request("GET /api/connections/con_1", headers: headers))
      #expect(answer.text.utf8.count > name.utf8.count)
      #expect(answer.ending == .closed)
    }
    try await server.stop()
  }

  // MARK: Hostile clients

  struct BadRequest: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var status: Int

    init(_ words: String, _ text: String, _ status: Int) {
      (testDescription, self.text, self.status) = (words, text, status)
    }
  }

  @Test(arguments: [
    BadRequest("unknown version", "GET /ping HTTP/9.9\r\n\r\n", 400),
    BadRequest("no request line", "NONSENSE\r\n\r\n", 400),
    BadRequest("TLS", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", 400),
    BadRequest("space in a name", "GET /ping HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n", 400),
    BadRequest("URL that is not UTF-8", "GET /%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400),
    BadRequest("negative length", "GET /ping HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400),
    BadRequest(
      "two lengths", "POST /api/publish HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
    BadRequest("long line", "GET /p HTTP/1.1\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n", 431),
    BadRequest("long URL", "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\n\r\n", 431),
    BadRequest("many lines", "GET /p HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 500))\r\n", 431),
    BadRequest("CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nConnection: close\r\n\r\n", 404),
    BadRequest("OPTIONS", "OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n", 404),
    BadRequest("TRACE", "TRACE / HTTP/1.1\r\nConnection: close\r\n\r\n", 405),
  ])
  func badRequestsAreRefusedInTheAPIsForm(_ bad: BadRequest) async throws {
    let server = try await TestServer.start()
    let answer = try await server.exchange(bad.text)
    #expect(answer.text.hasPrefix("HTTP/1.1 \(bad.status) "), "\(answer.text.prefix(300))")
    #expect(answer.text.lowercased().contains("content-type: application/problem+json"))
    #expect(answer.text.lowercased().contains("x-request-id: "))
    #expect(answer.ending == .closed)
    try await server.stop()
  }

  @Test func largeBodiesAreRefusedBeforeTheyAreSent() async throws {
    let server = try await TestServer.start()
    let text = request(
      "POST /api/publish", headers: "Content-Type: application/json\r\nContent-Length: 1048577\r\n")
    let answer = try await server.exchange(text)
    #expect(answer.text.hasPrefix("HTTP/1.1 413 "), "\(answer.text)")
    #expect(answer.ending != .open)
    try await server.stop()
  }

  @Test func endlessBodiesAreCutOff() async throws {
    let server = try await TestServer.start()
    let text = request(
      "POST /api/publish", headers: "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
    let answer = try await server.talk { client in
      client.send(text)
      let chunk = "10000\r\n" + String(repeating: "a", count: 65_536) + "\r\n"
      for _ in 0..<17 { client.send(chunk) }
      return client.read()
    }
    #expect(answer.text.hasPrefix("HTTP/1.1 413 "), "\(answer.text)")
    #expect(answer.ending != .open)
    try await server.stop()
  }

  @Test func brokenChunksAreRefused() async throws {
    let server = try await TestServer.start()
    let answer = try await server.exchange(
      request(
        "POST /api/publish", headers: "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n")
        + "5\r\nab\r\nzz\r\n")
    #expect(answer.text.hasPrefix("HTTP/1.1 400 "), "\(answer.text)")
    #expect(answer.text.contains("malformed_request"))
    #expect(answer.ending == .closed)
    try await server.stop()
  }

  @Test func partsOfBodiesDoNotPassForTheWhole() async throws {
    let server = try await TestServer.start()
    let text = request("POST /api/publish", body: order + "   ")
    _ = try await server.talk { client in
      client.send(String(text.dropLast(3)))
      client.finishSending()
      return client.read()
    }
    #expect(server.service.published.isEmpty)
    try await server.stop()
  }

  @Test func bodiesThatAreNotUTF8AreRefused() async throws {
    let server = try await TestServer.start()
    let head =
      "POST /api/publish HTTP/1.1\r\nX-API-Key: \(ScriptedService.everything)\r\n\(last)"
      + "Content-Type: application/json\r\nContent-Length: 4\r\n\r\n"
    let answer = try await server.talk { client in
      client.send(bytes: Array(head.utf8) + [0x22, 0xff, 0xfe, 0x22])
      return client.read()
    }
    #expect(answer.text.hasPrefix("HTTP/1.1 400 "))
    #expect(answer.text.contains("malformed_json"))
    try await server.stop()
  }

  @Test func whatIsRefusedIsNeitherRepeatedNorLogged() async throws {
    let server = try await TestServer.start()
    let canary = "canary-4f1d"
    let connect = #"{"platform":"mailchimp","apiKey":"\#(canary) x"}"#
    let requests = [
      request("GET /api/jobs", key: "pb_\(canary)", headers: last),
      request("GET /api/jobs?limit=\(canary)", headers: last),
      request("GET /api/jobs?\(canary)=1", headers: last), request("GET /\(canary)", headers: last),
      request("GET /api/jobs/\(canary)%20", headers: last),
      request("POST /api/connections", headers: last, body: connect),
      request("POST /api/connections", headers: last, body: canary),
      request("GET /ping", headers: "Bad Line \(canary): x\r\n"),
    ]
    for text in requests {
      let answer = try await server.exchange(text)
      #expect(answer.text.hasPrefix("HTTP/1.1 4") && !answer.text.contains(canary), "\(answer.text)")
    }
    #expect(server.records.count == requests.count)
    #expect(!"\(server.records)".contains(canary))
    try await server.stop()
  }

  // MARK: Time

  @Test func slowBodiesTimeOut() async throws {
    let server = try await TestServer.start { $0.request = .milliseconds(200) }
    let text = request(
      "POST /api/publish", headers: "Content-Type: application/json\r\nContent-Length: 9\r\n")
    let answer = try await server.exchange(text + "{")
    #expect(answer.text.hasPrefix("HTTP/1.1 408 "), "\(answer.text)")
    #expect(answer.ending == .closed)
    #expect(server.records.contains { $0.status == 408 })
    try await server.stop()
  }

  @Test func slowAnswersTimeOut() async throws {
    let server = try await TestServer.start { $0.request = .milliseconds(200) }
    let answer = try await server.exchange(request("GET /api/connections/\(ScriptedService.stalled)"))
    #expect(answer.text.hasPrefix("HTTP/1.1 503 "), "\(answer.text)")
    #expect(answer.text.contains("answer_timeout"))
    server.service.release()
    try await server.stop()
  }

  @Test func silentConnectionsAreClosed() async throws {
    let server = try await TestServer.start { $0.idle = .seconds(1) }
    let silent = try await server.exchange("")
    #expect(silent.text.isEmpty && silent.ending == .closed)
    let half = try await server.exchange("GET /ping HTTP/1.1\r\nHo")
    #expect(half.ending == .closed)
    let kept = try await server.exchange(request("GET /ping"))
    #expect(kept.text.hasPrefix("HTTP/1.1 200") && kept.ending == .closed)
    try await server.stop()
  }

  // MARK: Stopping

  @Test func requestsUnderWayAreFinishedWhenTheServerStops() async throws {
    let server = try await TestServer.start()
    let (answers, answered) = AsyncStream.makeStream(of: Void.self)
    let first = request("GET /ping")
    async let idle = server.talk { client in
      client.send(first)
      _ = client.read(until: #"{"isAlive":true}"#)
      answered.finish()
      return client.read().ending
    }
    for await _ in answers {}
    let text = request("GET /api/connections/\(ScriptedService.stalled)")
    async let answer = server.exchange(text)
    await server.service.waitForStalledCall()
    server.server.stop()
    server.server.stop()
    // Nobody new is let in, and the silent connection goes at once.
    #expect(try await idle == .closed)
    server.service.release()
    #expect(try await answer.text.hasPrefix("HTTP/1.1 200"))
    try await server.finish()
    await #expect(throws: RawClient.ConnectFailure.self) { try await server.exchange("") }
  }

  @Test func largeAnswersArriveWholeWhenTheServerStops() async throws {
    let server = try await TestServer.start()
    let name = String(repeating: "n", count: 12_000_000)
    server.service.setAccountName(name)
    let text = request("GET /api/connections/\(ScriptedService.stalled)")
    async let answer = server.exchange(text)
    await server.service.waitForStalledCall()
    server.server.stop()
    server.service.release()
    #expect(try await answer.text.utf8.count > name.utf8.count)
    try await server.finish()
  }

  @Test func stuckRequestsAreLeftBehind() async throws {
    let server = try await TestServer.start { $0.drain = .milliseconds(100) }
    let text = request("GET /api/connections/\(ScriptedService.stalled)")
    async let answer = server.exchange(text)
    await server.service.waitForStalledCall()
    try await server.stop()
    server.service.release()
    _ = try await answer
  }

  @Test func cancelledTasksStopTheServer() async throws {
    let server = try await TestServer.start()
    server.cancel()
    try await server.finish()
  }

  @Test func takenPortsAreReported() async throws {
    let first = try await TestServer.start()
    let second = HTTPServer(
      options: HTTPServerOptions(port: first.address.port, tls: .none), service: first.service)
    let error = await #expect(throws: HTTPServerError.self) { try await second.run() }
    let words = "cannot listen on 127.0.0.1 port \(first.address.port): another program listens there already"
    #expect(error.map { "\($0)" }?.hasPrefix(words) == true)
    try await first.stop()
  }

  @Test func plainHTTPStaysOnThisMachine() async throws {
    for host in ["0.0.0.0", "127.0.0.1.example.org", "::"] {
      let server = HTTPServer(
        options: HTTPServerOptions(host: host, port: 0, tls: .none), service: ScriptedService())
      await #expect(throws: HTTPServerError.plainBeyondLoopback(host: host)) { try await server.run() }
    }
  }

  @Test func serversThatWereStoppedBeforeDoNotStart() async throws {
    let server = HTTPServer(options: HTTPServerOptions(port: 0, tls: .none), service: ScriptedService())
    server.stop()
    try await server.run()
  }
}
