import ConnectorModel
import Ports
import Testing

@testable import Operations

/// Every action of the connector against the sandbox, which follows the platform's facts and not the connector.
@Suite(.timeLimit(.minutes(10))) struct MailchimpResourceTests {
  private static let threads = TurnThreads(count: 2)
  private static let list: JSONValue = ["audience": .string(MailchimpSession.audience)]

  var session: MailchimpSession
  init() throws { session = try MailchimpSession(threads: Self.threads) }

  private func member(_ email: String = "tove@patchbay.example") -> JSONValue {
    Self.list.adding(["email": .string(email)])
  }

  @Test mutating func memberLivesFromAddingToPurging() async throws {
    let added = try await session.run(
      "member.add",
      member().adding(["status": "subscribed", "mergeFields": ["FNAME": "Tove"], "tags": ["tea"]]))
    #expect(added["status"] == "subscribed" && added["mergeFields"]?["FNAME"] == "Tove")
    let twice = try await session.failure("member.add", member().adding(["status": "subscribed"]))
    #expect(twice.code == .conflict && twice.platformCode == "Member Exists" && !twice.requestID.isEmpty)
    let later = try await session.run("member.add", member().adding(["status": "subscribed"]), isLater: true)
    #expect(later["reconciled"] == true)
    let changed = try await session.run("member.update", member().adding(["vip": true, "language": "fi"]))
    #expect(changed["vip"] == true && changed["language"] == "fi")
    let tags = member().adding([
      "tags": [["name": "tea", "status": "inactive"], ["name": "cake", "status": "active"]],
      "isSyncing": true,
    ])
    #expect(try await session.run("member.tags.update", tags) == ["done": true])
    #expect(
      try await session.run("member.tags", member())["tags"]?.elements?.compactMap { $0["name"] } == ["cake"])
    let note = try await session.run("member.note.create", member().adding(["text": "Called"]))
    let sameNote = try await session.run(
      "member.note.create", member().adding(["text": "Called"]), isLater: true)
    #expect(sameNote["noteId"] == note["noteId"] && sameNote["reconciled"] == true)
    #expect(try await session.run("member.notes", member())["total"] == 1)
    let event = member().adding(["name": "bought", "properties": ["item": "tea"]])
    #expect(try await session.run("member.event.create", event) == ["done": true])
    #expect(try await session.run("member.events", member())["events"]?.elements?.first?["name"] == "bought")
    #expect(try await session.run("member.activity", member())["total"] != 0)
    let page = try await session.run("member.list", Self.list.adding(["count": 2, "status": "subscribed"]))
    #expect(page["members"]?.elements?.count == 2 && page["next"] == 2)
    #expect(try await session.run("member.archive", member()) == ["archived": true, "found": true])
    #expect(try await session.run("member.archive", member()) == ["archived": true, "found": false])
    #expect(try await session.run("member.purge", member()) == ["deleted": true, "found": true])
    #expect(try await session.run("member.purge", member()) == ["deleted": true, "found": false])
    let forgotten = try await session.failure("member.add", member().adding(["status": "subscribed"]))
    #expect(forgotten.code == .policy && forgotten.pointer == "/email")
    let elsewhere = try await session.failure("member.purge", member().adding(["audience": "nowhere"]))
    #expect(elsewhere.code == .notFound && elsewhere.pointer == "/audience")
  }

  @Test mutating func membersInBulkKeepTheirPlaces() async throws {
    var members = (0..<620).map { number -> JSONValue in
      ["email": .string("m\(number)@patchbay.example"), "status": "subscribed"]
    }
    members[3] = ["email": "nobody@nowhere", "status": "subscribed"]
    members[501] = ["email": "ada@patchbay.example", "status": "subscribed", "tags": ["tea"]]
    members[600] = members[599]
    let input = Self.list.adding(["members": .array(members), "updateExisting": true])
    let output = try await session.run("member.bulk", input)
    #expect(output["created"] == 617 && output["updated"] == 1 && output["handled"] == 620)
    let failures = output["failures"]?.elements ?? []
    #expect(failures.map { $0["index"] } == [3, 600])
    #expect(failures.allSatisfy { $0["code"] == "ERROR_GENERIC" })
    let strict = try await session.run("member.bulk", input.adding(["updateExisting": false]))
    #expect(strict["failures"]?.elements?.count == 620)
    let silent = try await session.run("member.bulk", input.adding(["skipDuplicateCheck": true]))
    #expect(silent["failures"]?.elements?.last?["code"] == "NOT_REPORTED")
  }

  @Test mutating func audienceHasSegmentsMergeFieldsAndInterests() async throws {
    let changed = try await session.run(
      "audience.update", Self.list.adding(["name": "Readers", "doubleOptIn": true]))
    #expect(changed["name"] == "Readers" && changed["doubleOptIn"] == true)
    let made = try await session.run("segment.create", Self.list.adding(["name": "Tea"]))
    let again = try await session.run("segment.create", Self.list.adding(["name": "Tea"]), isLater: true)
    #expect(made["type"] == "static" && again["segmentId"] == made["segmentId"])
    let segment = Self.list.adding(["segmentId": made["segmentId"] ?? .null])
    let moved = try await session.run(
      "segment.members.update", segment.adding(["add": ["ada@patchbay.example", "who@patchbay.example"]]))
    #expect(moved["added"] == 1 && moved["failures"]?.elements?.first?["email"] == "who@patchbay.example")
    #expect(try await session.run("segment.update", segment.adding(["name": "Coffee"]))["members"] == 1)
    let saved = try await session.run(
      "segment.create",
      Self.list.adding([
        "name": "A", "match": "any", "conditions": [["field": "FNAME", "op": "starts", "value": "A"]],
      ]))
    #expect(saved["type"] == "saved")
    #expect(try await session.run("segment.list", Self.list.adding(["type": "saved"]))["total"] == 1)
    #expect(try await session.run("segment.delete", segment)["found"] == true)
    #expect(try await session.run("segment.delete", segment)["found"] == false)

    let city = Self.list.adding(["tag": "CITY", "name": "City", "type": "text"])
    let field = try await session.run("merge-field.create", city)
    #expect(
      try await session.run("merge-field.create", city, isLater: true)["mergeFieldId"]
        == field["mergeFieldId"])
    let place = Self.list.adding(["mergeFieldId": field["mergeFieldId"] ?? .null])
    #expect(try await session.run("merge-field.update", place.adding(["name": "Town"]))["name"] == "Town")
    #expect(try await session.run("merge-field.list", Self.list)["total"] == 6)
    #expect(try await session.run("merge-field.delete", place) == ["deleted": true, "found": true])

    let category = try await session.run(
      "interest-category.create", Self.list.adding(["title": "Drinks", "type": "checkboxes"]))
    let inside = Self.list.adding(["categoryId": category["categoryId"] ?? .null])
    #expect(try await session.run("interest.create", inside.adding(["name": "Tea"]))["subscribers"] == 0)
    #expect(
      try await session.run("interest.create", inside.adding(["name": "Tea"]), isLater: true)["reconciled"]
        == true)
    #expect(try await session.run("interest.list", inside)["total"] == 1)
    #expect(try await session.run("interest-category.list", Self.list)["total"] == 1)
  }

  @Test mutating func webhookTellsItsSecretOnceAndByAHandle() async throws {
    let made = try await session.run(
      "webhook.create",
      Self.list.adding([
        "url": "http://127.0.0.1:9/hook", "events": ["subscribe": true], "sources": ["user": true],
      ]))
    #expect(made["signingSecret"]?.text?.hasPrefix("pbh_") == true && made["signingEnabled"] == true)
    let place = Self.list.adding(["webhookId": made["webhookId"] ?? .null])
    let changed = try await session.run("webhook.update", place.adding(["events": ["campaign": true]]))
    #expect(changed["signingSecret"] == nil && changed["events"]?["campaign"] == true)
    let listed = try await session.run("webhook.list", Self.list)
    #expect(listed["webhooks"]?.elements?.map { $0["signingSecret"] } == [nil])
    #expect(try await session.run("webhook.delete", place)["found"] == true)
    let batch = try await session.run("batch-webhook.create", ["url": "http://127.0.0.1:9/batch"])
    let hook: JSONValue = ["webhookId": batch["webhookId"] ?? .null]
    #expect(
      try await session.run("batch-webhook.update", hook.adding(["enabled": false]))["enabled"] == false)
    #expect(try await session.run("batch-webhook.list", [:])["total"] == 1)
    #expect(try await session.run("batch-webhook.delete", hook)["found"] == true)
  }

  @Test mutating func templateIsMadeReadChangedAndRemoved() async throws {
    let input: JSONValue = ["name": "Letter", "html": #"<div mc:edit="body">Hi</div>"#]
    let made = try await session.run("template.create", input)
    #expect(
      try await session.run("template.create", input, isLater: true)["templateId"] == made["templateId"])
    let place: JSONValue = ["templateId": made["templateId"] ?? .null]
    #expect(try await session.run("template.content", place)["sections"]?["body"] == "Hi")
    #expect(try await session.run("template.update", place.adding(["name": "Note"]))["name"] == "Note")
    #expect(try await session.run("template.read", place)["type"] == "user")
    #expect(try await session.run("template.list", [:])["total"] == 1)
    #expect(try await session.run("template.delete", place)["found"] == true)
    #expect(try await session.run("file.list", [:])["total"] == 0)
    #expect(try await session.run("file.delete", ["fileId": 1])["found"] == false)
  }

  @Test mutating func batchIsWaitedForUnpackedAndFoundAgain() async throws {
    let input: JSONValue = [
      "operations": [
        ["id": "page", "method": "GET", "path": "/lists", "params": ["count": 1]],
        ["id": "gone", "method": "GET", "path": "/lists/nowhere"],
        [
          "id": "put", "method": "PUT",
          "path": .string("/lists/\(MailchimpSession.audience)/members/new@patchbay.example"),
          "body": ["email_address": "new@patchbay.example", "status_if_new": "subscribed"],
        ],
      ]
    ]
    let output = try await session.run("batch.run", input)
    #expect(output["status"] == "finished" && output["errored"] == 1 && output["total"] == 3)
    let results = output["results"]?.elements ?? []
    #expect(results.map { $0["id"] } == ["page", "gone", "put"])
    #expect(results[0]["response"]?["lists"]?.elements?.count == 1)
    #expect(results[1]["error"]?["code"] == "not_found")
    #expect(results[2]["response"]?["email_address"] == "new@patchbay.example")
    let later = try await session.run("batch.run", input, isLater: true)
    #expect(later["batchId"] == output["batchId"] && later["reconciled"] == true)
    let other = try await session.run("batch.run", input, order: "order-8", isLater: true)
    #expect(other["batchId"] != output["batchId"])
    #expect(try await session.run("batch.list", [:])["total"] == 2)
    let batch: JSONValue = ["batchId": output["batchId"] ?? .null]
    #expect(try await session.run("batch.read", batch)["status"] == "finished")
    #expect(try await session.run("batch.delete", batch)["found"] == true)
  }
}
