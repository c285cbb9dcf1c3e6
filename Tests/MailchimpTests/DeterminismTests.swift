import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

/// Hashing is seeded per process, so what depends on it differs between two processes: the tests ask two.
@Suite struct DeterminismTests {
  typealias Script = CampaignTranscripts

  private static func accounts() throws -> String {
    var keyless = Script.test()
    keyless.idempotencyKey = ""
    let happy = Transcript([
      Script.create, Script.content, Script.checklist, Script.send, Script.read("sending"),
    ])
    let member =
      #"{"audience":"a1","email":"a@b.c","status":"subscribed","mergeFields":{"A":1,"B":2,"C":3,"D":4,"E":5,"F":6}}"#
    let answer = Transcript.Exchange.http(
      "PUT", "/lists/a1/members/5d60d4e28066df254d5452f92c910092",
      json: #"{"id":"5d60","email_address":"a@b.c","status":"subscribed"}"#)
    return [
      try Script.test().run("campaign.publish", input: Script.input, happy).account,
      try keyless.run("campaign.publish", input: Script.input, happy).account,
      try Script.test().run("member.upsert", input: member, [answer]).account,
      try Script.test().run("", kind: .health, [AccountTests.ping, AccountTests.account(role: "owner")])
        .account,
    ].joined(separator: "\n")
  }

  @Test func oneTranscriptGivesTheSameBytesInTwoProcesses() async throws {
    let first = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      print(try Self.accounts())
    }
    let second = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      print(try Self.accounts())
    }
    let bytes = try #require(first?.standardOutputContent)
    #expect(String(decoding: bytes, as: UTF8.self).contains("POST /campaigns api default"))
    #expect(bytes == second?.standardOutputContent)
  }

  @Test func markerWithoutAKeyComesFromTheSeed() throws {
    let happy = Transcript([
      Script.create, Script.content, Script.checklist, Script.send, Script.read("sending"),
    ])
    func account(seed: UInt64) throws -> String {
      var test = Script.test()
      test.idempotencyKey = ""
      test.seed = seed
      return try test.run("campaign.publish", input: Script.input, happy).account
    }
    #expect(try account(seed: 1) == account(seed: 1))
    #expect(try account(seed: 1) != account(seed: 2))
  }
}
