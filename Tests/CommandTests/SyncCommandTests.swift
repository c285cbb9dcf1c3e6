import Foundation
import TestTools
import Testing

/// Syncs of a running host as an operator starts and reads them, with the connector `feed` of the tests.
@Suite(.offThePool, .serialized, .timeLimit(.minutes(10))) struct SyncCommandTests {
  @Test func streamIsReadShownAndTold() throws {
    let program = try Program()
    defer { program.remove() }
    let host = try ServedHost.start(program, manifests: "Tests/Connectors/Feed/manifests")
    defer { if host.process.isRunning { host.kill() } }
    let added = try program.run(
      ["connections", "add", "feed", "--format", "json"],
      environment: host.environment.merging(["PATCHBAY_KEY": "feed-key"]) { $1 })
    let id = try #require(added.json["connectionId"] as? String, "\(added.errors)")

    let before = try host.run("sync", id, "--show", "--format", "json").list
    #expect(before.first?["stream"] as? String == "items")
    let unread = try host.run("analytics", id)
    #expect(unread.status == 0)
    #expect(unread.errors.contains("items: unavailable"))

    let read = try host.run("sync", id, "items", "--wait", "--format", "json")
    #expect(read.status == 0, "\(read.errors)")
    #expect(read.list.first?["state"] as? String == "current")
    #expect(try host.run("sync", "--wait").status == 0)
    let records = try host.run("analytics", id, "--format", "json").json
    #expect((records["items"] as? [Any])?.isEmpty == true)
    #expect((records["streams"] as? [[String: Any]])?.first?["coveredUntil"] is String)
    #expect(try host.run("analytics", id, "--format", "csv").output == "stream,kind,subject,at,updatedAt\r\n")

    let missing = try host.run("sync", id, "members")
    #expect(missing.status == 1 && missing.errors.contains("there is items"))
    #expect(try host.run("sync", "con_missing").status == 1)
    #expect(try host.run("sync", id, "--wait", "--show").status == 2)
    _ = try host.run("connections", "pause", id)
    let paused = try host.run("sync", id)
    #expect(paused.status == 1 && paused.errors.contains("paused"))
    #expect(host.terminate() == 0)
  }

  @Test func impossibleDaysAreWrongUsage() throws {
    let program = try Program()
    defer { program.remove() }
    let refused = try program.run("serve", "--keep-jobs", "0")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("--keep-jobs"))
  }
}
