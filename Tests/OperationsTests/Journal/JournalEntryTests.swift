import ConnectorModel
import Ports
import Testing

@testable import Operations

@Suite struct JournalEntryTests {
  private static let range = BlobRange(blob: 3, offset: .max - 9, length: 9)
  private static let everyPayload: [Payload] = [
    .json(Array(#"{"b":1,"a":[2,3.10]}"#.utf8)), .json([]),
    .bytes([0, 255, 10, 13], contentType: "image/png"),
    .bytes([], contentType: ""), .blob(range, contentType: "video/mp4"),
    .multipart([
      PayloadPart(name: "a", filename: "ü.txt", body: .bytes([1], contentType: "text/plain"), base64: true),
      PayloadPart(name: "b", body: .blob(range, contentType: "")), PayloadPart(body: .json([0x7b, 0x7d])),
    ]), .concatenation([PayloadPart(body: .bytes([9], contentType: ""))], contentType: "application/json"),
  ]

  private func again(_ entry: JournalEntry) throws -> JournalEntry { try JournalEntry(try entry.row()) }

  @Test(arguments: everyPayload) func payloadComesBackAsItWas(payload: Payload) throws {
    let answer = HTTPAnswer(
      outcome: .rateLimited, status: 429,
      headers: [HeaderField("X-Two", "b"), HeaderField("x-one", "ä\t"), HeaderField("X-Two", "a")],
      body: payload, message: "m\u{0}", platformCode: "190/463", requestID: "r",
      retryAfter: .milliseconds(1) + Duration(secondsComponent: 0, attosecondsComponent: 1))
    let result = JournalEntry.result(
      JournalResult(Event(effect: .max, .http(answer)), performedWrite: true))
    #expect(try again(result) == result)
  }

  @Test func startComesBackAsItWas() throws {
    for kind: OperationStart.Kind in [.action, .webhook, .health, .auth, .sync] {
      let entry = JournalEntry.start(
        JournalStart(
          OperationStart(
            kind: kind, name: "campaign.publish", input: Self.everyPayload[0],
            attributes: [HeaderField("patchbay.Account.id", "1")], deadline: .max, seed: .max - 1,
            attempt: 3, idempotencyKey: "k"), library: "abc"))
      #expect(try again(entry) == entry)
      #expect(try entry.row().library == "abc")
    }
  }

  @Test func turnComesBackAsItWas() throws {
    let turn = JournalTurn(
      clock: .max, deadlineShift: 5,
      events: [
        Event(effect: 2, .timer), Event(effect: 0, .cancel),
        Event(
          effect: 1, .keyValue(KeyValueAnswer(outcome: .conflict, value: [1, 2], version: 9, message: "n"))),
      ], stop: JournalStop(.timeout, "late"),
      pushes: [
        .effect(4, .http, isWrite: true, fingerprint: [1, 2, 3]), .cancelEffect(2),
        .effect(5, .timer, isWrite: false, fingerprint: []),
      ], emits: 7, isTerminal: true)
    #expect(try again(.turn(turn)) == .turn(turn))
    #expect(try again(.turn(JournalTurn(clock: 1))) == .turn(JournalTurn(clock: 1)))
  }

  @Test func intentAndDeferralComeBackUnderTheirEffect() throws {
    let intent = JournalEntry.intent(JournalIntent(effect: 9, fingerprint: [0, 255]))
    #expect(try again(intent) == intent)
    #expect(try intent.row().effect == 9)
    let deferral = JournalEntry.deferred(JournalDeferral(effect: 9, until: .max))
    #expect(try again(deferral) == deferral)
    // It settles its intent for whoever counts those without a result.
    #expect(try deferral.row().kind == .result && deferral.row().effect == 9)
  }

  @Test(arguments: JournalRow.Kind.allCases) func damagedRowIsRefused(kind: JournalRow.Kind) {
    for bytes in ["", "{}", "[]", "{", #"{"postponedUntil":-1}"#] {
      #expect(throws: JournalError.self) { try JournalEntry(JournalRow(kind, bytes: Array(bytes.utf8))) }
    }
  }

  @Test func equalEntriesAreEqualBytes() throws {
    let entry = JournalEntry.result(
      JournalResult(Event(effect: 1, .http(HTTPAnswer(outcome: .ok, status: 200))), performedWrite: false))
    #expect(try entry.row() == entry.row())
  }
}

@Suite struct EffectFingerprintTests {
  private func print(_ effect: Effect) -> [UInt8] { EffectFingerprint.of(effect, digest: { $0 }) }

  @Test func everyFieldCounts() {
    let base = HTTPRequest(method: "POST", url: "/a", endpoint: "api")
    let changes: [(inout HTTPRequest) -> Void] = [
      { $0.method = "PUT" }, { $0.url = "/b" }, { $0.endpoint = "other" }, { $0.auth = "default" },
      { $0.idempotencyKey = "k" }, { $0.headers = [HeaderField("a", "b")] },
      { $0.headers = [HeaderField("A", "b")] },
      { $0.body = .json([]) }, { $0.body = .bytes([], contentType: "") }, { $0.body = .json([1]) },
      { $0.body = .blob(BlobRange(blob: 1, offset: 0, length: 1), contentType: "") },
      { $0.body = .blob(BlobRange(blob: 1, offset: 1, length: 1), contentType: "") },
      { $0.body = .multipart([]) }, { $0.body = .multipart([PayloadPart(body: .json([]))]) },
      { $0.body = .concatenation([PayloadPart(body: .json([]))], contentType: "") }, { $0.options = .raw },
    ]
    var seen: Set<[UInt8]> = [print(.http(base))]
    for change in changes {
      var request = base
      change(&request)
      #expect(seen.insert(print(.http(request))).inserted, "\(request)")
    }
    for effect: Effect in [
      .timer(.seconds(1)), .timer(.seconds(2)), .keyValue(.init(.get, key: "k")),
      .keyValue(.init(.delete, key: "k")),
      .keyValue(.init(.put, key: "k", value: [1])),
      .keyValue(.init(.put, key: "k", value: [1], condition: .absent)),
      .keyValue(.init(.put, key: "k", value: [1], condition: .version(1))),
      .keyValue(.init(.put, key: "k", value: [1], timeToLive: .seconds(1))),
    ] {
      #expect(seen.insert(print(effect)).inserted, "\(effect)")
    }
  }

  @Test func bytesThatMoveFromFieldToFieldAreSeen() {
    let first = HTTPRequest(method: "GET", url: "/ab", endpoint: "c")
    let second = HTTPRequest(method: "GET", url: "/a", endpoint: "bc")
    #expect(print(.http(first)) != print(.http(second)))
  }
}
