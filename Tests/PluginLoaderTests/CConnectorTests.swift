import ConnectorModel
import Ports
import TestTools
import Testing

@testable import PluginLoader

/// Turns of an honest connector: every field crosses the border, in both directions.
@Suite(.offThePool, .needsClang) struct CConnectorTests {
  @Test func operationThatEndsInItsFirstTurnHasNoHandle() throws {
    let open = try OpenConnector()
    let (operation, pushed) = open.begin("echo", input: .json(Array(#"{"a":[1,"é"]}"#.utf8)))
    #expect(operation == nil)
    #expect(pushed.status == .ok && pushed.violations == [])
    #expect(pushed.pushes == [.complete(.json(Array(#"{"a":[1,"é"]}"#.utf8)))])
    #expect(open.connector.id == "echo" && open.connector.version == "1.0.0")
    #expect(open.connector.isParallel && open.connector.wantsCleanup)
  }

  @Test func healthChecksAreOperationsOfTheirOwnKind() throws {
    #expect(try OpenConnector().begin("", kind: .health).pushed.result == #"{"status":"up"}"#)
  }

  @Test func effectsArriveWithEveryFieldAndIdsCountUp() throws {
    let open = try OpenConnector()
    let (operation, pushed) = open.begin("fetch", input: .json(Array(#"{"q":1}"#.utf8)))
    #expect(operation != nil && pushed.violations == [])
    let http = HTTPRequest(
      method: "POST", url: "/items", endpoint: "api", auth: "default",
      headers: [HeaderField("X-One", "1"), HeaderField("X-Two", "")], body: .json(Array(#"{"q":1}"#.utf8)),
      idempotencyKey: "key-1", timeout: .milliseconds(1500), maximumRedirects: 2, maximumResponse: 4096,
      options: [.raw, .noRedirect])
    let kv = KeyValueRequest(
      .put, key: "cursor", value: Array("17".utf8), condition: .version(3), timeToLive: .seconds(60))
    #expect(
      pushed.pushes == [
        .effect(1, .http(http)), .effect(2, .keyValue(kv)), .effect(3, .timer(.milliseconds(250))),
      ])
    operation?.end()
  }

  @Test func eventsReachTheConnectorWithEveryField() throws {
    let open = try OpenConnector()
    let operation = try #require(open.begin("fetch").operation)
    let answer = HTTPAnswer(
      outcome: .rateLimited, status: 429, headers: [HeaderField("x-a", "b")],
      body: .bytes(Array("slow down".utf8), contentType: "text/plain"), message: "too fast",
      platformCode: "190/463", requestID: "r-9", retryAfter: .milliseconds(1500))
    let first = operation.resume(
      [
        Event(effect: 1, .http(answer)),
        Event(effect: 2, .keyValue(KeyValueAnswer(outcome: .conflict, value: Array("old".utf8), version: 9))),
      ], open.turn(firstEffect: 4))
    #expect(first.violations == [])
    #expect(
      first.records == [
        #"{"kind":1,"effect":1,"outcome":9,"status":429,"headers":1,"header":"b","body":9,"text":"slow down","#
          + #""version":0,"wait":1500,"message":"too fast","code":"190/463","request":"r-9"}"#,
        #"{"kind":2,"effect":2,"outcome":8,"status":0,"headers":0,"header":"","body":3,"text":"old","#
          + #""version":9,"wait":0,"message":"","code":"","request":""}"#,
      ])
    #expect(first.result == nil)
    let last = operation.resume([Event(effect: 3, .timer)], open.turn())
    #expect(last.records.first?.hasPrefix(#"{"kind":3,"effect":3,"outcome":0"#) == true)
    #expect(last.result == #"{"done":true}"#)
    operation.end()
  }

  @Test func answerThatNeverCameHasNoBody() throws {
    let open = try OpenConnector()
    let operation = try #require(open.begin("fetch").operation)
    let record = operation.resume(
      [
        Event(effect: 1, .http(HTTPAnswer(outcome: .network, message: "refused"))),
        Event(effect: 2, .keyValue(KeyValueAnswer(outcome: .notFound))),
      ], open.turn())
    #expect(record.records.allSatisfy { $0.contains(#""body":-1"#) })
    operation.end()
  }

  @Test func manyAndLargeEventsArriveWhole() throws {
    let open = try OpenConnector()
    let operation = try #require(open.begin("fetch").operation)
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
    let events = (1...200).map { id in
      Event(
        effect: UInt64(id),
        .http(HTTPAnswer(outcome: .ok, status: 200, body: .bytes(body, contentType: "text/plain"))))
    }
    let record = operation.resume(events, open.turn(records: 500))
    // 3 MiB do not fit the fixture's line of 512 bytes: its JSON is cut off, and that is caught 32 times.
    #expect(record.violations.count == 32 && record.violations.allSatisfy { $0.rule == "P-2" })
    #expect(record.result == #"{"done":true}"#)
    operation.end()
  }

  @Test func cancelEventCarriesNoEffect() throws {
    let open = try OpenConnector()
    let operation = try #require(open.begin("fetch").operation)
    let record = operation.resume([Event(effect: 0, .cancel)], open.turn())
    #expect(record.records.first?.hasPrefix(#"{"kind":4,"effect":0"#) == true)
    guard case .fail(let error)? = record.pushes.last else {
      Issue.record("no failure")
      return
    }
    #expect(error.code == .cancelled && error.message == "stopped")
    operation.end()
  }

  @Test func partsAndBlobsCross() throws {
    let open = try OpenConnector()
    let (operation, pushed) = open.begin("upload")
    let parts = [
      PayloadPart(name: "meta", body: .json(Array(#"{"a":1}"#.utf8))),
      PayloadPart(
        name: "file", filename: "a.mp4",
        body: .blob(BlobRange(blob: 1, offset: 10, length: 20), contentType: "video/mp4"), base64: true),
    ]
    guard case .effect(1, .http(let request))? = pushed.pushes.first else {
      Issue.record("no request: \(pushed)")
      return
    }
    #expect(request.body == .multipart(parts))
    operation?.end()
    // And the other way: the echo hands back what it was given.
    let concatenation = Payload.concatenation(parts, contentType: "x/y")
    #expect(open.begin("echo", input: concatenation).pushed.violations.map(\.rule) == ["P-5"])
  }

  @Test func servicesOfTheHostAnswerInsideATurn() throws {
    let open = try OpenConnector()
    let (_, pushed) = open.begin("tell", attributes: [HeaderField("patchbay.connection", "c-1")])
    var random = SplitMix64(seed: 7)
    let number = random.next()
    #expect(
      pushed.result
        == #"{"now":1000,"random":"\#(number)","stop":0,"log":1,"extension":0,"attempt":2,"kind":1,"#
        + #""deadline":5000,"seed":7,"attribute":"c-1","size":96}"#)
    #expect(pushed.random == random)
    #expect(
      open.lines.all.contains(
        ConnectorLogLine(.warning, "telling", fields: [HeaderField("attempt", "one")])))
  }

  @Test func recordsBeyondTheAllowanceAreRefusedWithQuota() throws {
    let (_, pushed) = try OpenConnector().begin("emit", records: 3)
    #expect(pushed.violations == [])
    #expect(pushed.pushes.count == 4)
    let error = OperationError(
      .quota, "enough", retry: .after(.milliseconds(1500)), httpStatus: 429, userMessage: "Too much",
      platformCode: "190/463", requestID: "r-1", pointer: "/a/0", detail: Array(#"{"left":0}"#.utf8))
    #expect(pushed.pushes.last == .fail(error))
  }

  @Test func endIsCalledOnceEvenWhenNobodyAsks() throws {
    let open = try OpenConnector()
    var operation = open.begin("fetch").operation
    operation?.end()
    operation?.end()
    operation = open.begin("fetch").operation
    operation = nil
    #expect(open.lines.all.filter { $0.message == "ended" }.count == 2)
  }

  @Test func instanceGetsItsConfiguration() throws {
    let open = try OpenConnector(configuration: .object(["region": .string("eu")]))
    #expect(
      open.lines.all.first?.message
        == #"{"api":{"version":"3.0"},"config":{"region":"eu"},"connector":{"id":"echo","version":"1.0.0"}}"#)
  }

  @Test(arguments: [
    ("refuse", "echo could not be started: invalid_input: mode refuse is not for me; check its `config`"),
    ("silent", "rule L-2 of docs/abi.md: create returned internal without an instance or a reason"),
    ("nothing", "rule L-2 of docs/abi.md: create returned ok without an instance or a reason"),
  ])
  func createThatFailsIsToldInOneSentence(mode: String, words: String) throws {
    let error = #expect(throws: PluginError.self) {
      try OpenConnector(configuration: .object(["mode": .string(mode)]))
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func turnsAreChargedForTheirTime() throws {
    let pushed = try OpenConnector().begin("echo").pushed
    #expect(pushed.cpuNanoseconds > 0)
  }
}
