import Foundation
import TestTools
import Testing

@Suite(.offThePool, .serialized) struct CallCommandTests {
  private let campaign = "manifests/examples/mailchimp/campaign.json"

  private func call(_ more: [String], key: String = "sandbox-us19") throws -> Program.Result {
    let program = try Program()
    defer { program.remove() }
    return try program.run(
      ["call", "mailchimp", "campaign.publish", "--input", campaign, "--sandbox", "--key", key] + more)
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

  @Test func batchIsRunAndItsArchiveIsFetchedFromAHostThatRefusesTheKey() throws {
    let program = try Program()
    defer { program.remove() }
    let input = try program.file(
      #"{"operations":[{"id":"a","method":"GET","path":"/ping"},{"id":"b","method":"GET","path":"/lists/nowhere"}]}"#
    )
    let result = try program.run(
      "call", "mailchimp", "batch.run", "--input", input, "--sandbox", "--key", "sandbox-us19")
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    let output = try #require(result.json["result"] as? [String: Any])
    let results = try #require(output["results"] as? [[String: Any]])
    #expect(results.map { $0["status"] as? Int } == [200, 404])
    #expect(!(result.output + result.errors).contains("Signature="))
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
    let nowhere = try program.run(
      "call", "mailchimp", "ping", "--input", campaign, "--sandbox", "--key", "k", "--manifests", "/nowhere")
    #expect(nowhere.status == 1)
    #expect(nowhere.errors.contains("/nowhere:1:1: error: the file cannot be read"))
  }

  /// The interrupt comes just before or just after the request has left: the outcome is unknown only then.
  @Test func interruptedSendIsUnknownOnceItHasLeft() throws {
    let program = try Program()
    defer { program.remove() }
    let (process, output, errors) = program.process([
      "call", "mailchimp", "campaign.publish", "--input", campaign, "--sandbox", "--key", "sandbox-us19",
      "--trace",
      "--fault", #"{"path":"/3.0/campaigns/*/actions/send","do":{"delayMs":600000}}"#,
    ])
    try process.run()
    var told = ""
    while !told.contains("turn 4") {
      let more = errors.next()
      if more.isEmpty { break }
      told += String(decoding: more, as: UTF8.self)
    }
    process.interrupt()
    let printed = output.rest()
    process.waitUntilExit()
    let outcome = try #require(try JSONSerialization.jsonObject(with: printed) as? [String: Any])
    let requests = try #require(outcome["requests"] as? Int)
    #expect(requests == 3 || requests == 4)
    #expect(outcome["outcome"] as? String == (requests == 4 ? "unknown" : "failed"))
    #expect(process.terminationStatus == (requests == 4 ? 3 : 1))
  }

  @Test func keyGivenAsAnOptionGoesBeforeTheEnvironment() throws {
    let program = try Program()
    defer { program.remove() }
    let ping = ["call", "mailchimp", "ping", "--input", try program.file("{}"), "--sandbox"]
    let token = ["PATCHBAY_TOKEN": "rejected"]
    #expect(try program.run(ping + ["--key", "sandbox-us19"], environment: token).status == 0)
    #expect(try program.run(ping + ["--key", "sandbox-us19", "--token", "t"]).status == 2)
    #expect(try program.run(ping, environment: ["PATCHBAY_KEY": ""]).status == 2)
  }

  @Test func laterCallFindsWhatAnEarlierOneSent() throws {
    let program = try Program()
    defer { program.remove() }
    let sandbox = try program.sandbox()
    defer { sandbox.process.terminate() }
    let call = [
      "call", "mailchimp", "campaign.publish", "--input", campaign, "--sandbox", sandbox.tls, "--key",
      "sandbox-us19",
      "--idempotency-key", "letter-1",
    ]
    let first = try #require(try program.run(call).json["result"] as? [String: Any])
    let again = try #require(try program.run(call + ["--reconcile"]).json["result"] as? [String: Any])
    #expect(first["reconciled"] as? Bool == false)
    #expect(again["reconciled"] as? Bool == true)
    #expect(again["campaignId"] as? String == first["campaignId"] as? String)
  }

  @Test func unusableInputSaysWhy() throws {
    let program = try Program()
    defer { program.remove() }
    let ping = ["call", "mailchimp", "ping", "--sandbox", "--key", "sandbox-us19", "--input"]
    let missing = try program.run(ping + ["/nowhere"])
    #expect(missing.status == 2)
    #expect(missing.errors.contains("No such file"))
    let endless = try program.run(ping + ["/dev/zero"])
    #expect(endless.status == 2)
    #expect(endless.errors.contains("16 MiB"))
    let empty = try program.run(ping + ["/dev/null"])
    #expect(empty.status == 1)
    #expect(empty.output.contains("empty"))
  }

  @Test func unusableStateDirectoryIsAFailureAndNotWrongUsage() throws {
    let program = try Program()
    defer { program.remove() }
    let file = try program.file("{}")
    for command in [["connectors"], ["sandbox", "--port", "0", "--tls-port", "0"]] {
      let result = try program.run(command + ["--state", file])
      #expect(result.status == 1)
      #expect(result.errors.contains("name another with --state"))
      let homeless = try program.run(
        command, environment: ["PATCHBAY_STATE": "", "XDG_STATE_HOME": "", "HOME": ""])
      #expect(homeless.status == 1)
      #expect(homeless.errors.contains("--state"))
    }
  }
}
