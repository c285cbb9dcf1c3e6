import Foundation
import Testing

@Suite(.serialized) struct CallCommandTests {
  private let campaign = "manifests/examples/mailchimp/campaign.json"

  private func call(_ more: [String], key: String = "sandbox-us19") throws -> Program.Result {
    let program = try Program()
    defer { program.remove() }
    let (process, output, errors) = program.process(
      ["call", "mailchimp", "campaign.publish", "--input", campaign, "--sandbox", "--key", key] + more)
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Program.Result(
      status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
      errors: String(decoding: complained, as: UTF8.self))
  }

  @Test func campaignIsPublishedOnTheSandbox() throws {
    let result = try call([])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.json["outcome"] as? String == "succeeded")
    let campaign = try #require(result.json["result"] as? [String: Any])
    #expect((campaign["campaignId"] as? String)?.isEmpty == false)
    #expect(["sending", "sent"].contains(campaign["status"] as? String))
  }

  @Test func waitsForARateLimitAreToldWithTheirReason() throws {
    let result = try call([
      "--fault", #"{"method":"POST","path":"/3.0/campaigns","times":2,"do":{"status":429}}"#,
    ])
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    let waits = try #require(result.json["waits"] as? [[String: Any]])
    #expect(waits.count == 2)
    #expect(waits.allSatisfy { $0["reason"] as? String == "rate_limited" })
  }

  @Test func sendThatTookEffectBeforeTheCutIsReconciled() throws {
    let result = try call([
      "--fault", #"{"method":"POST","path":"/3.0/campaigns/*/actions/send","do":{"reset":"after"}}"#,
    ])
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    #expect((result.json["result"] as? [String: Any])?["reconciled"] as? Bool == true)
  }

  @Test func rejectedKeySaysWhatToDo() throws {
    let result = try call([], key: "rejectedcanarykey-us19")
    #expect(result.status == 1)
    let error = try #require(result.json["error"] as? [String: Any])
    #expect(error["code"] as? String == "unauthenticated")
    #expect((error["action"] as? String)?.isEmpty == false)
    #expect(!(result.output + result.errors).contains("rejectedcanarykey"))
  }

  @Test func traceTellsTheWayAndNeverTheKey() throws {
    let result = try call(["--trace", "--seed", "7"])
    #expect(result.status == 0)
    #expect(result.errors.contains("POST /campaigns → 200"))
    #expect(!(result.output + result.errors).contains("sandbox-us19"))
  }

  @Test func badInputIsRefusedBeforeAnythingIsSent() throws {
    let program = try Program()
    defer { program.remove() }
    let input = program.state.appending(path: "input.json")
    try Data(#"{"audience":5}"#.utf8).write(to: input)
    let result = try program.run(
      "call", "mailchimp", "campaign.publish", "--input", input.path, "--sandbox", "--key", "sandbox-us19")
    #expect(result.status == 1)
    #expect((result.json["error"] as? [String: Any])?["code"] as? String == "invalid_input")
    #expect(result.json["requests"] as? Int == 0)
  }

  @Test func wrongUsageExitsWithTwo() throws {
    let program = try Program()
    defer { program.remove() }
    #expect(try program.run("call", "mailchimp").status == 2)
    #expect(try program.run("call", "mailchimp", "ping", "--input", "/nowhere").status == 2)
    #expect(try program.run("call", "mailchimp", "ping", "--key", "k", "--fault", "{}").status == 2)
    let fault = try program.run(
      "call", "mailchimp", "ping", "--key", "k", "--sandbox", "--fault", #"{"pfad":"/"}"#)
    #expect(fault.status == 2)
    #expect(fault.errors.contains("pfad"))
  }

  @Test func unknownActionsAndConnectorsAreNamed() throws {
    let program = try Program()
    defer { program.remove() }
    let action = try program.run(
      "call", "mailchimp", "nothing", "--input", campaign, "--sandbox", "--key", "k")
    #expect(action.status == 1)
    #expect(action.errors.contains("campaign.publish"))
    let connector = try program.run("call", "myspace", "post", "--input", campaign, "--sandbox", "--key", "k")
    #expect(connector.errors.contains("mailchimp"))
  }
}
