import Foundation
import TestTools
import Testing

/// The commands that talk to a running host, as an operator uses them.
@Suite(.offThePool, .serialized, .timeLimit(.minutes(10))) struct ClientCommandsTests {
  private let campaign = "manifests/examples/mailchimp/campaign.json"

  private func withHost(_ body: (ServedHost) throws -> Void) throws {
    let program = try Program()
    defer { program.remove() }
    let host = try ServedHost.start(program)
    defer { if host.process.isRunning { host.kill() } }
    try body(host)
    if host.process.isRunning { #expect(host.terminate() == 0) }
  }

  /// The example with an audience that the platform does not know.
  private func refusedCampaign(_ program: Program) throws -> String {
    let text = try String(contentsOf: Program.checkout.appending(path: campaign), encoding: .utf8)
    return try program.file(text.replacing("a1b2c3d4e5", with: "ffffffffff"))
  }

  @Test func accountIsConnectedPausedAndRemoved() throws {
    try withHost { host in
      let id = try host.connect()
      let list = try host.run("connections", "list")
      #expect(list.status == 0)
      #expect(list.output.contains(try Regex("\(id) +mailchimp +healthy +no +\\w")), "\(list.output)")
      #expect(!list.output.contains("sandbox-us19"))
      #expect(try host.run("connections", "list", "--format", "json").list.count == 1)
      #expect(try host.run("connections", "list", "--platform", "meta", "--format", "json").list.isEmpty)
      #expect(try host.run("connections", "show", id).output.contains("healthy"))
      #expect(try host.run("connections", "check", id).status == 0)

      #expect(try host.run("connections", "pause", id, "--format", "json").json["isPaused"] as? Bool == true)
      let held = try host.run("publish", id, "--input", campaign, "--idempotency-key", "letter", "--wait")
      #expect(held.status == 1)
      #expect(held.output.contains("held"))
      #expect(
        try host.run("connections", "resume", id, "--format", "json").json["isPaused"] as? Bool == false)
      let published = try host.run(
        "publish", id, "--input", campaign, "--idempotency-key", "letter", "--wait", "--format", "json")
      #expect(published.status == 0, "\(published.output) \(published.errors)")
      #expect(published.json["state"] as? String == "published")

      #expect(try host.run("connections", "remove", id).status == 2)
      #expect(try host.run("connections", "remove", id, "--yes").output.contains("removed \(id)"))
      let gone = try host.run("connections", "show", id)
      #expect(gone.status == 1)
      #expect(gone.sentences.count == 1 && gone.errors.contains(id))
    }
  }

  @Test func rejectedKeyIsToldAndNothingIsKept() throws {
    try withHost { host in
      let added = try host.program.run(
        ["connections", "add", "mailchimp"],
        environment: host.environment.merging(["PATCHBAY_KEY": "rejectedcanary-us19"]) { $1 })
      #expect(added.status == 1)
      #expect(added.sentences.count == 1)
      #expect(added.errors.contains("does not accept this key"))
      #expect(!(added.output + added.errors).contains("rejectedcanary"))
      #expect(try host.run("connections", "list", "--format", "json").list.isEmpty)
      #expect(try host.run("connections", "add", "mailchimp").status == 2)
      #expect(try host.run("connections", "add", "myspace", "--key", "k").status == 1)
    }
  }

  @Test func jobIsPublishedShownAndCancelled() throws {
    try withHost { host in
      let id = try host.connect()
      let publish = ["publish", id, "--input", campaign, "--idempotency-key", "letter"]
      let first = try host.program.run(publish + ["--wait"], environment: host.environment)
      #expect(first.status == 0, "\(first.output) \(first.errors)")
      #expect(first.output.contains("attempt 1: published"))
      let again = try host.program.run(publish + ["--format", "json"], environment: host.environment)
      let job = try #require(again.json["jobId"] as? String)
      #expect(first.output.contains(job))
      let other = try host.run(
        "publish", id, "--input", try refusedCampaign(host.program), "--idempotency-key", "letter")
      #expect(other.status == 1)
      #expect(other.errors.contains("used for another body before"))

      let later = try host.run(
        "publish", id, "--input", campaign, "--at", "2099-01-31T09:00:00Z", "--format", "json")
      let waiting = try #require(later.json["jobId"] as? String)
      #expect(later.json["state"] as? String == "scheduled")
      let list = try host.run("jobs", "list")
      #expect(list.output.contains(job) && list.output.contains(waiting))
      #expect(try host.run("jobs", "list", "--in", "scheduled", "--format", "json").list.count == 1)
      #expect(try host.run("jobs", "show", job, "--format", "json").json["state"] as? String == "published")
      let cancelled = try host.run("jobs", "cancel", waiting, "--format", "json")
      #expect(cancelled.json["state"] as? String == "cancelled")
      let twice = try host.run("jobs", "cancel", waiting)
      #expect(twice.status == 1 && twice.sentences.count == 1)
      #expect(try host.run("jobs", "show", "job_nothing").status == 1)

      let unfit = try host.run("publish", id, "--input", try host.program.file(#"{"audience":5}"#))
      #expect(unfit.status == 1)
      #expect(unfit.errors.contains("audience"))
      #expect(try host.run("publish", id, "--input", try host.program.file("{")).status == 2)
      #expect(try host.run("publish", id, "--input", campaign, "--at", "tomorrow").status == 1)
    }
  }

  @Test func deadLettersAreListedRetriedAndDropped() throws {
    try withHost { host in
      let id = try host.connect()
      let refused = try refusedCampaign(host.program)
      for number in 1...2 {
        let dead = try host.run(
          "publish", id, "--input", refused, "--idempotency-key", "dead-\(number)", "--wait")
        #expect(dead.status == 1)
        #expect(dead.output.contains("dead"))
      }
      let letters = try host.run("dlq", "list", "--format", "json").list
      #expect(letters.count == 2)
      let ids = letters.compactMap { $0["deadLetterId"] as? String }
      try #require(ids.count == 2)
      let table = try host.run("dlq").output
      #expect(table.contains("unretryable_error") && table.contains(ids[0]))
      #expect(try host.run("dlq", "show", ids[0]).output.contains("ffffffffff"))
      #expect(try host.run("dlq", "show", ids[0]).output.contains(ids[0]))
      let retried = try host.run("dlq", "retry", ids[0], "--format", "json").list
      #expect(retried.first?["retryOf"] as? String == letters[0]["jobId"] as? String)
      #expect(try host.run("dlq", "retry", ids[0]).status == 1)
      #expect(try host.run("dlq", "drop", ids[1]).output.contains("dropped"))
      #expect(try host.run("dlq", "drop", ids[1]).status == 1)
      #expect(try host.run("dlq", "retry").status == 2)
      #expect(try host.run("dlq", "retry", "--all").status == 0)
    }
  }

  @Test func keysAreMadeListedAndRevokedBesideARunningHost() throws {
    try withHost { host in
      let made = try host.program.run("keys", "create", "--scope", "read", "--label", "reader")
      let key = made.output.trimmingCharacters(in: .newlines)
      #expect(key.hasPrefix("pb_"))
      let id = String(key.dropFirst(3).prefix(8))
      let reader = ["PATCHBAY_API_KEY": key]
      #expect(try host.program.run("jobs", "list", environment: reader).status == 0)
      let refused = try host.program.run(
        "connections", "add", "mailchimp", "--key", "sandbox-us19", environment: reader)
      #expect(refused.status == 1)
      #expect(refused.errors.contains("scope connect"))
      let list = try host.program.run("keys", "list")
      #expect(list.output.contains(id) && list.output.contains("reader"))
      #expect(!list.output.contains(key))

      #expect(try host.program.run("keys", "revoke", id).status == 0)
      let revoked = try host.program.run("jobs", "list", environment: reader)
      #expect(revoked.status == 1)
      #expect(revoked.errors.contains("revoked"))
      let rows = try host.program.run("keys", "list", "--format", "json").list
      #expect(rows.first { $0["id"] as? String == id }?["revoked"] as? Bool == true)
      #expect(try host.program.run("keys", "revoke", "nothing0").status == 1)
      #expect(try host.program.run("keys", "create", "--scope", "everything").status == 2)
      #expect(try host.program.run("keys", "create", "--tenant", "NO SUCH").status == 1)
    }
  }

  @Test func limitsAreShownAsTheyAreNow() throws {
    try withHost { host in
      _ = try host.connect()
      let human = try host.run("limits")
      #expect(human.status == 0, "\(human.errors)")
      let row = try Regex("mailchimp +concurrency +account +\\S+ +concurrency +0 +10 +10 ")
      #expect(human.output.contains(row), "\(human.output)")
      #expect(human.output.contains(try Regex("https://us19.api.mailchimp.com +closed +0")))
      let starts = human.output.split(separator: "\n").prefix(2).map { line in
        line.ranges(of: /RULE|concurrency/).last.map {
          line.distance(from: line.startIndex, to: $0.lowerBound)
        }
      }
      #expect(starts.first == starts.last, "columns are aligned")

      let json = try host.run("limits", "--connector", "mailchimp", "--format", "json").json
      let limits = try #require(json["limits"] as? [[String: Any]])
      #expect(limits.first?["bucket"] as? String == "concurrency")
      #expect(limits.first?["source"] as? String == "declared")
      #expect((limits.first?["waiting"] as? [String: Int]) == ["publishing": 0, "syncing": 0])
      #expect((json["circuits"] as? [[String: Any]])?.isEmpty == false && json["at"] is String)
      let unknown = try host.run("limits", "--connector", "myspace")
      #expect(unknown.status == 1 && unknown.errors.contains("myspace"))
    }
  }

  @Test func limitsAreWatchedUntilSomebodyStopsIt() throws {
    try withHost { host in
      let (process, output, _) = host.program.process(
        ["limits", "--watch", "--format", "json"], environment: host.environment)
      try process.run()
      var text = ""
      while text.split(separator: "\n").count < 2 {
        let more = output.next()
        try #require(!more.isEmpty, "it ended by itself: \(text)")
        text += String(decoding: more, as: UTF8.self)
      }
      process.terminate()
      process.waitUntilExit()
      #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
    }
  }

  @Test func doctorSeesARunningHostAndTellsNoSecret() throws {
    try withHost { host in
      _ = try host.connect()
      let bundle = host.program.state.appending(path: "bundle.json")
      let human = try host.run("doctor", "--bundle", bundle.path)
      #expect(human.status == 0, "\(human.output)")
      for subject in ["store", "master key", "api keys", "connections", "connector mailchimp", "host"] {
        #expect(human.output.contains(try Regex("ok +\(subject)")), "\(subject): \(human.output)")
      }
      let json = try host.run("doctor", "--format", "json")
      #expect((json.json["findings"] as? [[String: Any]])?.isEmpty == false)
      let written = try String(contentsOf: bundle, encoding: .utf8)
      let master = try String(
        contentsOf: host.program.state.appending(path: "master.key"), encoding: .utf8
      )
      .trimmingCharacters(in: .whitespacesAndNewlines)
      for secret in [host.key, "sandbox-us19", master, String(master.split(separator: ":").last ?? "")] {
        #expect(!(human.output + json.output + written).contains(secret))
      }
      host.kill()
      let fallen = try host.run("doctor")
      #expect(fallen.status == 1)
      #expect(fallen.output.contains(try Regex("error +host")))
      let unanswered = try host.run("jobs", "list")
      #expect(unanswered.status == 1)
      #expect(unanswered.errors.contains("does not answer"))
    }
  }

  @Test func commandsWithoutAHostOrAKeySayWhatToDo() throws {
    let program = try Program()
    defer { program.remove() }
    let homeless = try program.run("jobs", "list", environment: ["PATCHBAY_API_KEY": "pb_x"])
    #expect(homeless.status == 1)
    #expect(homeless.errors.contains("start one with `patchbay serve`"))
    let keyless = try program.run("jobs", "list", "--url", "http://127.0.0.1:1")
    #expect(keyless.status == 2)
    #expect(keyless.errors.contains("`patchbay keys create`"))
    let empty = try program.run("doctor", "--state", program.state.appending(path: "new").path)
    #expect(empty.status == 0, "\(empty.output)")
    #expect(empty.output.contains("`patchbay serve`"))
  }
}
