import ConnectorModel
import Testing

@testable import Sandbox

/// Merge fields, segments, interests, notes.
@Suite struct MailchimpAudienceDetailTests {
  var api = MailchimpBench()
  let list = "/lists/\(MailchimpBench.listID)"

  @Test(arguments: [
    ("number", "12", "twelve"), ("date", "2026-11-23", "soon"), ("birthday", "11/23", "23/11"),
    ("url", "https://a.example", "a.example"), ("text", "a", String(repeating: "a", count: 256)),
    ("radio", "S", "XL"),
  ])
  mutating func mergeFieldTakesItsTypeAlone(type: String, good: String, bad: String) {
    let made = api.post(
      list + "/merge-fields",
      ["tag": "x1", "name": "X", "type": .string(type), "options": ["choices": ["S", "M"]]])
    #expect(made["tag"] == "X1")
    let member = list + "/members/ada@patchbay.example"
    #expect(api.patch(member, ["merge_fields": ["X1": .string(good)]]).status == 200)
    #expect(api.patch(member, ["merge_fields": ["X1": .string(bad)]]).fields == ["X1"])
    let skipped = api.patch(member + "?skip_merge_validation=true", ["merge_fields": ["X1": .string(bad)]])
    #expect(skipped["merge_fields"]?["X1"]?.text == bad)
  }

  @Test mutating func requiredMergeFieldMustBeGivenByNewMembers() {
    _ = api.post(list + "/merge-fields", ["tag": "MUST", "name": "Must", "type": "text", "required": true])
    let body: JSONValue = ["email_address": "n@patchbay.example", "status": "subscribed"]
    #expect(api.post(list + "/members", body).fields == ["MUST"])
    let bulk = api.post(list, ["members": [body]])
    #expect(bulk.status == 200)
    #expect(bulk["errors"]?.elements?.first?["field"] == "MUST")
    #expect(api.post(list + "/members", body.merging(["merge_fields": ["MUST": "a"]])).status == 200)
    // Whoever is there already may be changed without it.
    #expect(api.patch(list + "/members/ada@patchbay.example", ["language": "de"]).status == 200)
  }

  @Test(arguments: ["FNAME", "fname", "EMAIL", "TOOLONGATAG", "A-B"])
  mutating func tagIsRefused(tag: String) {
    let made = api.post(list + "/merge-fields", ["tag": .string(tag), "name": "X", "type": "text"])
    #expect(made.status == 400)
  }

  @Test mutating func thirtyMergeFieldsAreEnough() {
    let statuses = (0..<26).map { _ in api.post(list + "/merge-fields", ["name": "X", "type": "text"]).status
    }
    #expect(statuses == Array(repeating: 200, count: 25) + [400])
    #expect(api.get(list)["stats"]?["merge_field_count"] == 30)
  }

  @Test mutating func tagAndStaticSegmentAreOneThing() {
    _ = api.post(
      list + "/members/ada@patchbay.example/tags", ["tags": [["name": "vip", "status": "active"]]])
    let segment = api.get(list + "/segments")["segments"]?.elements?.first
    #expect(segment?["name"] == "vip")
    #expect(segment?["member_count"] == 1)
    let path = list + "/segments/\(segment?["id"]?.integer ?? 0)"
    _ = api.patch(path, ["name": "star"])
    #expect(api.get(list + "/members/ada@patchbay.example")["tags"]?.elements?.first?["name"] == "star")
    #expect(api.delete(path).status == 204)
    #expect(api.get(list + "/members/ada@patchbay.example")["tags_count"] == 0)
  }

  @Test(arguments: [
    ("any", 2), ("all", 1),
  ])
  mutating func conditionsAreJudged(match: String, count: Int) {
    let conditions: JSONValue = [
      ["field": "FNAME", "op": "is", "value": "ada"], ["field": "EMAIL", "op": "contains", "value": "a"],
      ["field": "FNAME", "op": "not", "value": "Katherine"],
    ]
    _ = api.post(list + "/members", ["email_address": "x@y.example", "status": "unsubscribed"])
    let narrow: JSONValue = [
      conditions.elements?[0] ?? .null, ["field": "FNAME", "op": "starts", "value": "gr"],
    ]
    let made = api.post(
      list + "/segments",
      [
        "name": "S",
        "options": ["match": .string(match), "conditions": match == "any" ? narrow : conditions],
      ])
    #expect(made["type"] == "saved")
    #expect(made["member_count"]?.integer == Int64(count))
  }

  @Test mutating func conditionThatCannotBeJudgedIsRefused() {
    let options: JSONValue = [
      "match": "all", "conditions": [["field": "EMAIL", "op": "resembles", "value": "a"]],
    ]
    #expect(api.post(list + "/segments", ["name": "S", "options": options]).status == 400)
    #expect(api.post(list + "/segments", ["name": "S"]).status == 400)
  }

  @Test mutating func campaignGoesToItsSegment() {
    let segment = api.post(list + "/segments", ["name": "S", "static_segment": ["ada@patchbay.example"]])
    let options: JSONValue = ["saved_segment_id": segment["id"] ?? 0]
    let recipients: JSONValue = ["list_id": .string(MailchimpBench.listID), "segment_opts": options]
    let id = api.campaign(extra: ["recipients": recipients])
    #expect(api.get("/campaigns/\(id)")["recipients"]?["recipient_count"] == 1)
    let unknown = api.patch(
      "/campaigns/\(id)", ["recipients": ["segment_opts": ["saved_segment_id": 1]]])
    #expect(unknown.status == 400)
  }

  @Test mutating func interestsAreSwitchedOffWithTheirCategory() {
    let category = api.post(list + "/interest-categories", ["title": "T", "type": "radio"])["id"]?.text ?? ""
    let path = list + "/interest-categories/\(category)"
    let interest = api.post(path + "/interests", ["name": "A"])["id"]?.text ?? ""
    let member = list + "/members/ada@patchbay.example"
    #expect(api.get(member)["interests"]?[interest] == false)
    _ = api.patch(member, ["interests": .object([interest: true])])
    #expect(api.get(path + "/interests/\(interest)")["subscriber_count"] == "1")
    #expect(api.delete(path).status == 204)
    #expect(api.get(member)["interests"] == [:])
  }

  @Test mutating func noteAndEventAreChecked() {
    let member = list + "/members/ada@patchbay.example"
    #expect(api.post(member + "/notes", ["note": ""]).fields == ["note"])
    #expect(api.post(member + "/events", ["name": "1st"]).fields == ["name"])
    #expect(api.post(member + "/events", ["name": "bought"]).status == 204)
    #expect(api.get(member + "/events")["total_items"] == 1)
    #expect(api.get(member + "/activity-feed?activity_filters=event")["total_items"] == 1)
  }
}
