import ConnectorModel
import Ports
import Testing

@testable import Egress
@testable import Manifest

/// No secret reaches a connector, and none leaves to where it does not belong.
@Suite struct SecretFlowTests {
  private let pages = Manifest.sample(
    endpoints: [
      "api": .sample(
        auth: ["default", "page_token"],
        capture: [
          .init(
            path: JSONPath(steps: [.member("page"), .member("access_token")]), profile: "page_token",
            key: JSONPath(steps: [.member("id")]), keep: false)
        ]),
      "cdn": .sample(bases: ["https://cdn.example.com"], auth: []),
    ],
    auth: ["default": .bearer, "page_token": .injecting(.query(name: "access_token"), kind: .captured)])

  private let page = ScriptedTransport.Line.answer(
    200, [HeaderField("content-type", "application/json")],
    #"{"page":{"id":"7","access_token":"canary-page"}}"#)

  private func handle(in answer: HTTPAnswer) throws -> String {
    let text = String(decoding: answer.body.inlineBytes ?? [], as: UTF8.self)
    let match = try #require(text.firstMatch(of: #/pbh_[a-z2-7]{26}/#))
    return String(text[match.range])
  }

  @Test func aCapturedSecretIsUsedByItsHandle() async throws {
    let stage = Stage([page, .answer(200)], manifest: pages)
    let first = await stage.perform(Stage.get())
    #expect(!"\(first)".contains("canary"))
    let handle = try handle(in: first.answer)
    let second = await stage.perform(Stage.post(auth: "page_token:\(handle)"))
    #expect(second.answer.outcome == .ok)
    #expect(stage.transport.sent.last?.url == "https://api.example.com/3.0/x?access_token=canary-page")
    #expect(stage.transport.sent.last?.headers["authorization"] == nil)
  }

  @Test func aHandleInTextIsRefused() async throws {
    let stage = Stage([page], manifest: pages)
    let handle = try handle(in: await stage.perform(Stage.get()).answer)
    for request in [
      Stage.get("/x?token=\(handle)"), Stage.get("/\(handle)"),
      Stage.get("/x?t=\(handle.replacing("pbh", with: "p%62h"))"),
      Stage.post(body: #"{"message":"see \#(handle)"}"#),
      HTTPRequest(method: "GET", url: "/x", endpoint: "api", headers: [HeaderField("X-Token", handle)]),
      HTTPRequest(method: "POST", url: "/x", endpoint: "api", idempotencyKey: handle),
    ] {
      let performed = await stage.perform(request)
      #expect(performed.answer.outcome == .permission)
      #expect(performed.answer.message.contains("handle"))
    }
    #expect(stage.transport.sent.count == 1)
  }

  @Test func aHandleWorksForItsProfileInItsOperationWhileItLives() async throws {
    var stage = Stage([page], manifest: pages)
    let handle = try handle(in: await stage.perform(Stage.get()).answer)
    #expect(await stage.perform(Stage.get(auth: "default:\(handle)")).answer.outcome == .invalidState)
    stage.scope.operation = "other"
    #expect(await stage.perform(Stage.get(auth: "page_token:\(handle)")).answer.outcome == .invalidState)
    stage.scope.operation = "op"
    stage.egress.operationEnded("op")
    #expect(await stage.perform(Stage.get(auth: "page_token:\(handle)")).answer.outcome == .invalidState)
    #expect(stage.transport.sent.count == 1)
  }

  @Test func anAnswerThatMayHideASecretIsWithheld() async {
    let cut = ScriptedTransport.Line.answer(200, [], #"{"page":{"id":"7","access_token":"canary-pa"#)
    let stage = Stage([cut, cut], manifest: pages)
    let read = await stage.perform(Stage.get())
    #expect(read.answer.outcome == .upstream)
    #expect(read.answer.body.inlineBytes == [])
    let write = await stage.perform(Stage.post())
    #expect(write.answer.outcome == .unknownOutcome)
    #expect(!"\(read)\(write)".contains("canary"))
  }

  @Test func echoedTokensAreHiddenFromBodyHeadersAndMessage() async {
    let echo = "no such key: canary-token-1"
    let stage = Stage([
      .answer(
        400, [HeaderField("x-echo", "Bearer canary-token-1"), HeaderField("set-cookie", "session=1")],
        #"{"detail":"\#(echo)","code":"canary-token-1"}"#)
    ])
    let performed = await stage.perform(Stage.get())
    #expect(!"\(performed)".contains("canary"))
    #expect(performed.answer.message == "Sample answered 400: no such key: [hidden]")
    #expect(performed.answer.headers["set-cookie"] == nil)
  }

  @Test func aCapturedSecretIsHiddenInHeadersAndInLaterAnswers() async {
    let first = ScriptedTransport.Line.answer(
      200, [HeaderField("link", "<https://api.example.com/3.0/x?access_token=canary-page>")],
      #"{"page":{"id":"7","access_token":"canary-page"}}"#)
    let later = ScriptedTransport.Line.answer(
      400, [HeaderField("x-echo", "canary-page")], #"{"detail":"canary-page","next":"/x?t=canary%2dpage"}"#)
    let stage = Stage([first, later], manifest: pages)
    for _ in 1...2 { #expect(!"\(await stage.perform(Stage.get()))".contains("canary")) }
  }

  @Test(arguments: [
    #"{"page":{"access_token":null,"access_token":"canary-page"}}"#,
    #"{"page":null,"page":{"access_token":"canary-page"}}"#, #"{"page":{"access_token":"canary-page"},}"#,
  ])
  func anAnswerThatReadersReadDifferentlyIsWithheld(_ body: String) async {
    let performed = await Stage([.answer(200, [], body)], manifest: pages).perform(Stage.get())
    #expect(performed.answer.outcome == .upstream)
    #expect(performed.answer.body.inlineBytes == [])
  }

  @Test(.timeLimit(.minutes(10))) func anAnswerOfTooManySecretsIsWithheld() async {
    var manifest = pages
    manifest.endpoints["api"]?.capture[0].path = JSONPath(steps: [.every])
    let body = "[" + (1...20_000).map { "\"canary-secret-\($0)\"" }.joined(separator: ",") + "]"
    let performed = await Stage([.answer(200, [], body)], manifest: manifest).perform(Stage.get())
    #expect(performed.answer.body.inlineBytes == [])
  }

  @Test func aSecretCapturedWhereARedirectLedIsUsable() async throws {
    var manifest = pages
    manifest.endpoints["plain"] = .sample(bases: ["https://api.example.com/plain"])
    let moved = ScriptedTransport.Line.answer(302, [HeaderField("location", "/3.0/x")])
    let stage = Stage([moved, page, .answer(200)], manifest: manifest)
    let first = await stage.perform(
      HTTPRequest(method: "GET", url: "/y", endpoint: "plain", auth: "default"))
    let handle = try handle(in: first.answer)
    #expect(await stage.perform(Stage.get(auth: "page_token:\(handle)")).answer.outcome == .ok)
  }

  @Test func failuresNeverTellWhatWasSent() async {
    let manifest = Manifest.sample(auth: ["default": .injecting(.query(name: "key"))])
    for line in [ScriptedTransport.Line.failure(.reset, left: true), .failure(.tls, left: false)] {
      let performed = await Stage([line], manifest: manifest).perform(
        Stage.post(body: #"{"b":"canary-body"}"#))
      #expect(!"\(performed)".contains("canary"))
    }
  }

  @Test func aRedirectToAnotherHostTakesNoCredentialAlong() async {
    let stage = Stage(
      [.answer(302, [HeaderField("location", "https://cdn.example.com/f?t=canary-token-1")]), .answer(200)],
      manifest: pages)
    let performed = await stage.perform(Stage.get())
    #expect(performed.answer.outcome == .ok)
    #expect(performed.requests == 2)
    #expect(stage.transport.sent.last?.headers["authorization"] == nil)
    #expect(stage.transport.sent.last?.url.contains("canary") == false)
  }

  @Test func aRedirectOnTheSameHostKeepsItsCredential() async {
    let stage = Stage([.answer(307, [HeaderField("location", "/3.0/y")]), .answer(200)])
    let performed = await stage.perform(Stage.post())
    #expect(performed.answer.outcome == .ok)
    let last = stage.transport.sent.last
    #expect(last?.headers["authorization"] == "Bearer canary-token-1")
    #expect(
      last?.method == "POST" && last?.isWrite == true && last?.body?.inlineBytes == Array("{}".utf8)
    )
  }

  @Test func aRedirectedWriteStaysAWrite() async {
    let moved = ScriptedTransport.Line.answer(303, [HeaderField("location", "/3.0/result")])
    let lost = ScriptedTransport.Line.failure(.reset, left: true)
    let stage = Stage([moved, lost, lost, lost])
    let performed = await stage.perform(Stage.post(), skippingWaits: 2)
    #expect(performed.answer.outcome == .unknownOutcome)
    #expect(performed.performedWrite)
    let fine = Stage([moved, .answer(200)])
    #expect(await fine.perform(Stage.post()).answer.outcome == .ok)
    #expect(fine.transport.sent.map(\.method) == ["POST", "GET"])
    #expect(fine.transport.sent.last?.body == nil)
    #expect(fine.transport.sent.last?.headers["content-type"] == nil)
  }

  @Test func refusedRedirectsSayWhetherAWriteMayBeDone() async {
    for (status, method, expected) in [
      (302, "POST", OutcomeCode.unknownOutcome), (307, "POST", .permission), (302, "GET", .permission),
    ] {
      let stage = Stage([.answer(status, [HeaderField("location", "https://evil.example/")])])
      let performed = await stage.perform(
        HTTPRequest(method: method, url: "/x", endpoint: "api", auth: "default"))
      #expect(performed.answer.outcome == expected)
      #expect(stage.transport.sent.count == 1)
    }
  }

  @Test func aConnectorMayAskToSeeTheRedirect() async {
    let stage = Stage([.answer(302, [HeaderField("location", "https://evil.example/")])])
    var request = Stage.get()
    request.options = .noRedirect
    let performed = await stage.perform(request)
    #expect(performed.answer.outcome == .ok)
    #expect(performed.answer.status == 302)
  }
}
