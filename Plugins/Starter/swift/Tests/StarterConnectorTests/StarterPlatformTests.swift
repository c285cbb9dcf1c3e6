import ConnectorKit
import ConnectorTesting
import Testing

@testable import StarterConnector

@Suite struct StarterPlatformTests {
  @Test func noteIsPublished() throws {
    let run = try ConnectorTest(StarterPlatform.self).run(
      "note.publish", input: #"{"text": "Hello"}"#,
      [.http("POST", "/notes", auth: "default", status: 201, json: #"{"id": "n1", "likes": 0}"#)])
    #expect(try run.output(NewNote.Published.self).id.text == "n1")
  }

  @Test func secondAttemptLooksBeforeItWrites() throws {
    var test = ConnectorTest(StarterPlatform.self)
    test.attributes = [HeaderField("patchbay.reconcile", "1")]
    test.idempotencyKey = "order-7"
    let run = try test.run(
      "note.publish", input: #"{"text": "Hello"}"#,
      [
        .http("POST", "/notes/find", status: 404),
        .http("POST", "/notes", status: 201, json: #"{"id": "n2", "likes": 0}"#),
      ])
    #expect(try run.output(NewNote.Published.self).id.text == "n2")
  }

  @Test func cutConnectionIsAnUnknownOutcome() throws {
    let run = try ConnectorTest(StarterPlatform.self).run(
      "note.publish", input: #"{"text": "Hello"}"#, [.cut("POST", "/notes")])
    #expect(run.error?.code == .unknownOutcome)
  }

  @Test(arguments: ["../account", "", "a b"])
  func idThatWouldLeaveItsPathIsRefused(id: String) throws {
    let run = try ConnectorTest(StarterPlatform.self).run("note.read", input: #"{"id": "\#(id)"}"#)
    #expect(run.error?.code == .invalidInput)
    #expect(run.error?.pointer == "/id")
  }
}
