import ConnectorKit
import ConnectorTesting
import Testing

@Suite struct MetaPagePostTests {
  private let handle = "pbh_abcdefghijklmnopqrstuvwxyz"
  private let next = "https://graph.facebook.com/v26.0/me/accounts?after=x"

  @Test func pageTokenIsUsedAsAHandleAndNeverInText() throws {
    let run = try ConnectorTest(MetaPagePost.self).run(
      "page.post", input: #"{"page":"2","message":"Hello"}"#,
      [
        .http(
          "GET", "/me/accounts?fields=id,access_token&limit=100", auth: "user",
          json: #"{"data":[{"id":"1","access_token":"pbh_zzzz"}],"paging":{"next":"\#(next)"}}"#),
        .http("GET", next, auth: "user", json: #"{"data":[{"id":"2","access_token":"\#(handle)"}]}"#),
        .http("POST", "/2/feed", auth: "page:\(handle)", json: #"{"id":"2_77"}"#) { [handle] request in
          let body = String(decoding: request.body?.inlineBytes ?? [], as: UTF8.self)
          #expect(!body.contains(handle))
        },
      ])
    #expect(try run.output() == MetaPagePost.Output(postID: "2_77"))
  }

  @Test func pageThatIsNotListedIsAPermissionProblem() throws {
    let run = try ConnectorTest(MetaPagePost.self).run(
      "page.post", input: #"{"page":"9","message":"Hello"}"#,
      [.http("GET", "/me/accounts?fields=id,access_token&limit=100", json: #"{"data":[]}"#)])
    #expect(run.error?.code == .permission)
    #expect(run.error?.pointer == "/page")
  }

  @Test func pagingThatPointsToItselfEnds() throws {
    let page = #"{"data":[],"paging":{"next":"\#(next)"}}"#
    let run = try ConnectorTest(MetaPagePost.self).run(
      "page.post", input: #"{"page":"9","message":"Hello"}"#,
      [
        .http("GET", "/me/accounts?fields=id,access_token&limit=100", json: page),
        .http("GET", next, json: page),
      ])
    #expect(run.error?.code == .permission)
  }
}
