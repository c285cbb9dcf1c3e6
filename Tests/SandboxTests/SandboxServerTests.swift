import ConnectorModel
import Foundation
import TestTools
import Testing

@testable import Sandbox

/// The plain listener over real sockets.
@Suite(.offThePool) struct SandboxServerTests {
  static let authorization = "Authorization: Bearer sandbox-us19\r\n"

  static func request(
    _ method: String, _ path: String, host: String = "us19.api.mailchimp.com", body: String = "",
    headers: String = ""
  ) -> String {
    "\(method) /\(host)\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(authorization)\(headers)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Sends a request on a connection of its own and reads to its end.
  static func exchange(
    _ sandbox: TestSandbox, _ method: String, _ path: String, host: String = "us19.api.mailchimp.com",
    body: String = ""
  ) throws -> (text: String, ending: RawClient.Ending) {
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(request(method, path, host: host, body: body, headers: "Connection: close\r\n"))
    return client.read()
  }

  private static let campaign =
    #"{"type":"regular","recipients":{"list_id":"a1b2c3d4e5"},"settings":{"title":"T","subject_line":"S","#
    + #""from_name":"P","reply_to":"p@patchbay.example"}}"#

  /// Makes a campaign that is ready to be sent and returns its id.
  private static func readyCampaign(_ sandbox: TestSandbox) throws -> String {
    let made = try exchange(sandbox, "POST", "/3.0/campaigns", body: campaign).text
    let body = made.split(separator: "\r\n").last ?? ""
    let id = JSONValue.parse(Array(body.utf8))?["id"]?.text ?? "none"
    _ = try exchange(sandbox, "PUT", "/3.0/campaigns/\(id)/content", body: #"{"html":"<p>Hello</p>"}"#)
    return id
  }

  @Test func hostIsTheFirstPathSegment() async throws {
    let sandbox = try await TestSandbox.start()
    let answer = try Self.exchange(sandbox, "GET", "/3.0/ping")
    #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(answer.text.hasSuffix(#"{"health_status":"Everything's Chimpy!"}"#))
    #expect(answer.text.contains("Connection: close\r\n"))
    #expect(answer.ending == .closed)
    #expect(try Self.exchange(sandbox, "GET", "/", host: "example.org").text.hasPrefix("HTTP/1.1 404"))
    let reserved = try Self.exchange(sandbox, "GET", "/v25.0/me", host: "graph.facebook.com")
    #expect(reserved.text.hasPrefix("HTTP/1.1 501"))
    await sandbox.stop()
  }

  @Test func connectionCarriesOneRequestAfterTheOther() async throws {
    let sandbox = try await TestSandbox.start()
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(Self.request("GET", "/3.0/ping"))
    #expect(client.read(until: "Chimpy!\"}").text.contains("Connection: keep-alive"))
    client.send(Self.request("GET", "/3.0/nothing", headers: "Connection: close\r\n"))
    let last = client.read()
    #expect(last.text.hasPrefix("HTTP/1.1 404"))
    #expect(last.ending == .closed)
    await sandbox.stop()
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .delay(milliseconds: 50)))
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(
      Self.request("GET", "/3.0/ping") + Self.request("GET", "/3.0/nothing")
        + Self.request("GET", "/3.0/ping", headers: "Connection: close\r\n"))
    let answers = client.read()
    #expect(
      answers.text.components(separatedBy: "HTTP/1.1 ").dropFirst().map { String($0.prefix(3)) } == [
        "200", "404", "200",
      ])
    #expect(sandbox.running.requests().map(\.path) == ["/3.0/ping", "/3.0/nothing", "/3.0/ping"])
    await sandbox.stop()
  }

  @Test func clientThatWaitsIsToldToContinue() async throws {
    let sandbox = try await TestSandbox.start()
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(
      "POST /us19.api.mailchimp.com/3.0/campaigns HTTP/1.1\r\nHost: h\r\n\(Self.authorization)"
        + "Expect: 100-continue\r\nConnection: close\r\nContent-Length: \(Self.campaign.utf8.count)\r\n\r\n")
    #expect(client.read(until: "\r\n\r\n").text == "HTTP/1.1 100 Continue\r\n\r\n")
    client.send(Self.campaign)
    #expect(client.read().text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    await sandbox.stop()
  }

  @Test func bodyOverTheLimitIsRefused() async throws {
    let directory = FileManager.default.temporaryDirectory.path() + "/patchbay-sandbox-\(UUID().uuidString)"
    let running = try await Sandbox.start(SandboxOptions(stateDirectory: directory, maximumBodyBytes: 10))
    let sandbox = TestSandbox(running: running, directory: directory)
    let client = try RawClient(port: running.httpPort)
    client.send(Self.request("POST", "/3.0/campaigns", body: "01234567890"))
    let answer = client.read()
    #expect(answer.text.hasPrefix("HTTP/1.1 413 "))
    #expect(running.requests().isEmpty)
    await sandbox.stop()
  }

  @Test func whatIsNoHTTPIsRefused() async throws {
    let sandbox = try await TestSandbox.start()
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send("nonsense\r\n\r\n")
    let answer = client.read()
    #expect(answer.text.hasPrefix("HTTP/1.1 400 "))
    #expect(answer.ending == .closed)
    await sandbox.stop()
  }

  @Test func resetBeforeTheEffectLeavesNoCampaign() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(method: "POST", path: "/3.0/campaigns", effect: .reset(.before)))
    let answer = try Self.exchange(sandbox, "POST", "/3.0/campaigns", body: Self.campaign)
    #expect(answer.text.isEmpty)
    #expect(answer.ending == .reset)
    #expect(try sandbox.running.state("mailchimp")["campaigns"] == [])
    let record = sandbox.running.requests().first
    #expect(record?.status == nil)
    #expect(record?.reachedPlatform == false)
    #expect(record?.fault == "flt_1")
    await sandbox.stop()
  }

  @Test func resetAfterTheEffectLeavesOneSentCampaign() async throws {
    let sandbox = try await TestSandbox.start()
    let id = try Self.readyCampaign(sandbox)
    sandbox.running.inject(SandboxFault(path: "/3.0/campaigns/*/actions/send", effect: .reset(.after)))
    let answer = try Self.exchange(sandbox, "POST", "/3.0/campaigns/\(id)/actions/send", body: "null")
    #expect(answer.text.isEmpty)
    #expect(answer.ending == .reset)
    #expect(try sandbox.running.state("mailchimp")["sends"]?.elements?.count == 1)
    sandbox.running.advanceClock(byMilliseconds: 2000)
    #expect(try Self.exchange(sandbox, "GET", "/3.0/campaigns/\(id)").text.contains(#""status":"sent""#))
    #expect(sandbox.running.requests().last { $0.method == "POST" }?.reachedPlatform == true)
    await sandbox.stop()
  }

  @Test func resetInTheMiddleShowsHalfOfTheAnswer() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/campaigns", effect: .reset(.middle)))
    let answer = try Self.exchange(sandbox, "POST", "/3.0/campaigns", body: Self.campaign)
    #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(answer.ending == .reset)
    #expect(try sandbox.running.state("mailchimp")["campaigns"]?.elements?.count == 1)
    await sandbox.stop()
  }

  @Test func truncatedAnswerEndsInOrderAndTooEarly() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .truncate(afterBodyBytes: 4)))
    let answer = try Self.exchange(sandbox, "GET", "/3.0/ping")
    #expect(answer.text.contains("Content-Length: 40\r\n"))
    #expect(answer.text.hasSuffix("\r\n\r\n{\"he"))
    #expect(answer.ending == .closed)
    await sandbox.stop()
  }

  @Test func badChunkFollowsAGoodOne() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .badChunk))
    let answer = try Self.exchange(sandbox, "GET", "/3.0/ping")
    #expect(answer.text.contains("Transfer-Encoding: chunked\r\n"))
    #expect(answer.text.contains("\r\nnot-a-size\r\n"))
    #expect(answer.ending == .closed)
    await sandbox.stop()
  }

  @Test func delayedAnswerComesLaterAndComplete() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .delay(milliseconds: 600_000)))
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(Self.request("GET", "/3.0/ping"))
    #expect(await sandbox.received(1))
    #expect(client.read(patienceMs: 20) == ("", .open))
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .delay(milliseconds: 1)))
    #expect(try Self.exchange(sandbox, "GET", "/3.0/ping").text.hasSuffix("Chimpy!\"}"))
    await sandbox.stop()
  }

  @Test func stalledAnswerStopsHalfWayAndGoesOn() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .stall(milliseconds: 600_000)))
    let client = try RawClient(port: sandbox.running.httpPort)
    client.send(Self.request("GET", "/3.0/ping"))
    let half = client.read(until: "\r\n\r\n{\"health_status\":\"Ev")
    #expect(half.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
    #expect(client.read(patienceMs: 20) == ("", .open))
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .stall(milliseconds: 1)))
    #expect(try Self.exchange(sandbox, "GET", "/3.0/ping").text.hasSuffix("Chimpy!\"}"))
    await sandbox.stop()
  }

  @Test func faultAnswersInsteadOfThePlatformAsOftenAsAsked() async throws {
    let sandbox = try await TestSandbox.start()
    let fault = try SandboxFault(
      parsing:
        #"{"path": "/3.0/campaigns", "times": 2, "do": {"status": 429, "headers": {"Retry-After": "1"}}}"#)
    sandbox.running.inject(fault)
    for _ in 0..<2 {
      let refused = try Self.exchange(sandbox, "POST", "/3.0/campaigns", body: Self.campaign)
      #expect(refused.text.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
      #expect(refused.text.contains("Retry-After: 1\r\n"))
    }
    #expect(try sandbox.running.state("mailchimp")["campaigns"] == [])
    #expect(try Self.exchange(sandbox, "POST", "/3.0/campaigns", body: Self.campaign).text.contains("200 OK"))
    #expect(sandbox.running.requests().map(\.status) == [429, 429, 200])
    await sandbox.stop()
  }

  @Test func eleventhRequestAtOnceIsRefusedUntilOneEnds() async throws {
    let sandbox = try await TestSandbox.start()
    let slow = sandbox.running.inject(
      SandboxFault(path: "/3.0/ping", times: 10, effect: .delay(milliseconds: 600_000)))
    #expect(slow == "flt_1")
    // A client that gave up keeps its place: the platform still works on its answer.
    for _ in 0..<10 {
      let client = try RawClient(port: sandbox.running.httpPort)
      client.send(Self.request("GET", "/3.0/ping"))
    }
    #expect(await sandbox.received(10))
    let refused = try Self.exchange(sandbox, "GET", "/3.0/ping").text
    #expect(refused.hasPrefix("HTTP/1.1 429"))
    #expect(refused.contains("Content-Type: application/problem+json; charset=utf-8\r\n"))
    sandbox.running.reset()
    #expect(try Self.exchange(sandbox, "GET", "/3.0/ping").text.hasPrefix("HTTP/1.1 200"))
    await sandbox.stop()
  }

  @Test func everyEndOfAnAnswerGivesItsSlotBack() async throws {
    let sandbox = try await TestSandbox.start()
    let effects: [FaultEffect] = [
      .reset(.before), .reset(.after), .reset(.middle), .truncate(afterBodyBytes: nil), .badChunk,
      .answer(SandboxResponse(status: 500)), .delay(milliseconds: 1), .stall(milliseconds: 1),
    ]
    for effect in effects + effects {
      sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: effect))
      _ = try Self.exchange(sandbox, "GET", "/3.0/ping")
    }
    for _ in 0..<11 {
      #expect(try Self.exchange(sandbox, "GET", "/3.0/ping").text.hasPrefix("HTTP/1.1 200"))
    }
    await sandbox.stop()
  }

  @Test func takenPortIsNamed() async throws {
    let sandbox = try await TestSandbox.start()
    let port = sandbox.running.httpPort
    await #expect {
      try await Sandbox.start(SandboxOptions(port: port, stateDirectory: sandbox.directory))
    } throws: { error in
      "\(error)".contains("cannot listen on 127.0.0.1:\(port)")
    }
    await sandbox.stop()
  }
}
