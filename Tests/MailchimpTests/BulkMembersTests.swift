import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct BulkMembersTests {
  private func members(_ emails: [String]) -> String {
    emails.map { #"{"email":"\#($0)","status":"subscribed"}"# }.joined(separator: ",")
  }
  private func run(_ emails: [String], _ transcript: [Transcript.Exchange], more: String = "") throws
    -> ConnectorRun
  {
    try ConnectorTest(Mailchimp.self).run(
      "member.bulk", input: #"{"audience":"a1","members":[\#(members(emails))]\#(more)}"#,
      Transcript(transcript))
  }
  private func answer(new: [String] = [], updated: [String] = [], errors: [(String, String)] = [])
    -> Transcript.Exchange
  {
    func list(_ emails: [String]) -> String {
      emails.map { #"{"email_address":"\#($0)","merge_fields":{}}"# }.joined(separator: ",")
    }
    let failed = errors.map { #"{"email_address":"\#($0.0)","error":"no","error_code":"\#($0.1)"}"# }
    return .http(
      "POST", "/lists/a1",
      json: #"{"new_members":[\#(list(new))],"updated_members":[\#(list(updated))],"errors":["#
        + failed.joined(separator: ",")
        + #"],"total_created":\#(new.count),"total_updated":\#(updated.count)}"#)
  }

  private func addresses(_ range: Range<Int>) -> [String] { range.map { "m\($0)@example.com" } }

  @Test func chunksHaveFiveHundredMembersAndKeepTheirOrder() throws {
    let all = addresses(0..<1_001)
    let chunks = [all[..<500], all[500..<1_000], all[1_000...]].map(Array.init)
    let run = try run(
      all,
      chunks.map { chunk in
        answer(new: chunk).checking { request in
          let sent = request.bodyJSON["members"]?.elements?.compactMap { $0["email_address"]?.text }
          #expect(sent == chunk)
        }
      })
    let output: JSONValue = try run.output()
    #expect(output["created"] == 1_001 && output["handled"] == 1_001 && output["failures"] == [])
  }

  @Test func failuresNameTheirPlaceInTheWholeInput() throws {
    let all = addresses(0..<502)
    let first = Array(all[..<499])
    let run = try run(
      all,
      [
        answer(new: first, errors: [(all[499].uppercased(), "ERROR_CONTACT_EXISTS")]),
        answer(updated: [all[501]], errors: [(all[500], "ERROR_GENERIC")]),
      ], more: #","updateExisting":true"#)
    let output: JSONValue = try run.output()
    let failures = output["failures"]?.elements ?? []
    #expect(failures.map { $0["index"] } == [499, 500])
    #expect(failures.map { $0["code"] } == ["ERROR_CONTACT_EXISTS", "ERROR_GENERIC"])
  }

  @Test func ofTwoEqualAddressesTheSecondIsTheFailure() throws {
    let run = try run(
      ["a@example.com", "b@example.com", "A@example.com"],
      [answer(new: ["a@example.com", "b@example.com"], errors: [("A@example.com", "ERROR_GENERIC")])])
    let output: JSONValue = try run.output()
    #expect(output["failures"]?.elements?.map { $0["index"] } == [2])
  }

  @Test func memberThatMailchimpSaysNothingOfIsNotDropped() throws {
    var silent = answer(new: ["a@example.com"])
    silent.url = "/lists/a1?skip_duplicate_check=true"
    let run = try run(["a@example.com", "a@example.com"], [silent], more: #","skipDuplicateCheck":true"#)
    let output: JSONValue = try run.output()
    let failure = output["failures"]?.elements?.first
    #expect(
      failure?["index"] == 1 && failure?["code"] == "NOT_REPORTED" && failure?["email"] == "a@example.com")
  }

  @Test func chunkWithUnknownOutcomeIsRepeatedWhereMembersAreUpdated() throws {
    let look = Transcript.Exchange.http(
      "GET", "/lists/a1?fields=id,stats.member_count", json: #"{"id":"a1"}"#)
    let run = try run(
      ["a@example.com"], [.cut("POST", "/lists/a1"), look, answer(updated: ["a@example.com"])],
      more: #","updateExisting":true"#)
    #expect((try run.output() as JSONValue)["updated"] == 1)
    let error = try #require(try self.run(["a@example.com"], [.cut("POST", "/lists/a1")]).error)
    #expect(error.code == .unknownOutcome)
  }

  @Test func failureInTheMiddleTellsWhatWasDone() throws {
    let all = addresses(0..<501)
    let error = try #require(
      try run(
        all, [answer(new: Array(all[..<500])), .http("POST", "/lists/a1", status: 429)]
      ).error)
    #expect(error.code == .rateLimited)
    #expect(error.message.hasSuffix("; the first 500 of 501 members were handled"))
    let detail = try StableJSON.decode(JSONValue.self, from: error.detail)
    #expect(detail["handled"] == 500 && detail["created"] == 500)
  }

  @Test(arguments: [
    (#"{"email":"a@b.c","status":"happy"}"#, "/members/0/status"),
    (#"{"status":"subscribed"}"#, "/members/0/email"),
    (
      #"{"email":"a@b.c","status":"subscribed","tags":["\#(String(repeating: "t", count: 101))"]}"#,
      "/members/0/tags/0"
    ),
    (
      #"{"email":"a@b.c","status":"subscribed","mergeFields":{"CITY":"\#(String(repeating: "ü", count: 128))"}}"#,
      "/members/0/mergeFields/CITY"
    ),
  ])
  func memberThatCannotBeOneIsPointedAtBeforeAnythingIsSent(member: String, pointer: String) throws {
    let run = try ConnectorTest(Mailchimp.self).run(
      "member.bulk", input: #"{"audience":"a1","members":[\#(member)]}"#)
    #expect(run.error?.code == .invalidInput && run.error?.pointer == pointer)
  }

  @Test func segmentTakesItsMembersInChunks() throws {
    let list = addresses(0..<501).map { "\"\($0)\"" }.joined(separator: ",")
    func part(_ count: Int, _ removed: Int) -> Transcript.Exchange {
      .http(
        "POST", "/lists/a1/segments/7",
        json: #"{"total_added":\#(count),"total_removed":\#(removed),"errors":[]}"#,
        check: { request in
          #expect(request.bodyJSON["members_to_add"]?.elements?.count == count)
          #expect(request.bodyJSON["members_to_remove"]?.elements?.count == removed)
        })
    }
    let run = try ConnectorTest(Mailchimp.self).run(
      "segment.members.update",
      input: #"{"audience":"a1","segmentId":7,"add":[\#(list)],"remove":["x@y.z"]}"#,
      [part(500, 1), part(1, 0)])
    #expect((try run.output() as JSONValue)["added"] == 501)
  }
}
