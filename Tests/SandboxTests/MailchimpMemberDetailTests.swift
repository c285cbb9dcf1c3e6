import ConnectorModel
import Testing

@testable import Sandbox

/// What a member keeps of what it is given, and how members are found.
@Suite struct MailchimpMemberDetailTests {
  var api = MailchimpBench()
  let list = "/lists/\(MailchimpBench.listID)"
  let path = "/lists/\(MailchimpBench.listID)/members"

  private mutating func emails(_ query: String) -> [String] {
    let answer = api.get(path + "?count=100&" + query)
    return (answer["members"]?.elements ?? []).compactMap { $0["email_address"]?.text }
  }

  private mutating func add(_ email: String, _ extra: [String: JSONValue] = [:]) -> BenchAnswer {
    let body: JSONValue = ["email_address": .string(email), "status": "subscribed"]
    return api.post(path, body.merging(extra))
  }

  @Test mutating func locationIsKept() {
    let member = add("b@patchbay.example", ["location": ["latitude": 52, "longitude": 13]])
    #expect(member["location"]?["latitude"] == 52)
    #expect(member["location"]?["longitude"] == 13)
    #expect(member["location"]?["country_code"] == "")
  }

  @Test mutating func timesAreShownInUTC() {
    let member = add(
      "b@patchbay.example",
      ["timestamp_opt": "2020-01-01T02:00:00+02:00", "timestamp_signup": "2019-12-31 00:00:00"])
    #expect(member["timestamp_opt"] == "2020-01-01T00:00:00+00:00")
    #expect(member["timestamp_signup"] == "2019-12-31T00:00:00+00:00")
    #expect(emails("before_timestamp_opt=2020-06-01T00:00:00Z") == ["b@patchbay.example"])
  }

  @Test mutating func interestsAreAddedToThoseThereAre() {
    let category =
      api.post(list + "/interest-categories", ["title": "T", "type": "checkboxes"])["id"]?.text ?? ""
    let ids = ["One", "Two", "Three"].map { name in
      api.post(list + "/interest-categories/\(category)/interests", ["name": .string(name)])["id"]?.text ?? ""
    }
    _ = add("b@patchbay.example", ["interests": .object([ids[0]: true])])
    let changed = api.patch(path + "/b@patchbay.example", ["interests": .object([ids[1]: true])])
    #expect(changed["interests"] == .object([ids[0]: true, ids[1]: true, ids[2]: false]))
    let unknown = api.patch(path + "/b@patchbay.example", ["interests": ["none": true]])
    #expect(unknown.fields == ["interests"])
  }

  @Test mutating func tagGivenTwiceIsOne() {
    #expect(add("b@patchbay.example", ["tags": ["a", "b", "a"]])["tags_count"] == 2)
    #expect(add("c@patchbay.example", ["tags": [""]]).fields == ["tags"])
    #expect(api.get(path + "/c@patchbay.example").status == 404)
  }

  @Test mutating func tagsAreSearchedByTheirBeginning() {
    _ = add("b@patchbay.example", ["tags": ["Customer", "custom", "other"]])
    let found = api.get(list + "/tag-search?name=cust")
    #expect(found["total_items"] == 2)
    #expect(found["tags"]?.elements?.compactMap { $0["name"]?.text } == ["Customer", "custom"])
    #expect(found["tags"]?.elements?.allSatisfy { $0["id"]?.integer != nil } == true)
    #expect(api.get(list + "/tag-search")["total_items"] == 3)
  }

  @Test mutating func membersAreFilteredAsTheClientCan() {
    _ = add("text@patchbay.example", ["email_type": "text"])
    #expect(emails("email_type=text") == ["text@patchbay.example"])
    #expect(
      emails("status=unsubscribed&unsubscribed_since=2020-01-01T00:00:00Z") == ["mary@patchbay.example"])
    #expect(emails("status=unsubscribed&unsubscribed_since=2026-01-01T00:00:00Z") == [])
    #expect(api.get(path + "?unsubscribed_since=2020-01-01T00:00:00Z").fields == ["unsubscribed_since"])
    #expect(api.get(path + "?since_last_campaign=true").fields == ["since_last_campaign"])
    let id = api.campaign()
    _ = api.post("/campaigns/\(id)/actions/send")
    api.advance(seconds: 60)
    _ = add("late@patchbay.example")
    #expect(emails("status=subscribed&since_last_campaign=true") == ["late@patchbay.example"])
  }

  @Test mutating func fieldsThatOnlySomeMembersHaveAreKnown() {
    let some = "unsubscribe_reason,last_note,location.region,stats.ecommerce_data,sms_phone_number"
    #expect(api.get(path + "/ada@patchbay.example?fields=id," + some).status == 200)
    let answer = api.get(path + "?fields=members.unsubscribe_reason,members.last_note")
    #expect(answer.status == 200)
    #expect(answer["members"]?.elements?.last?["unsubscribe_reason"] == "Normal unsubscribe")
    #expect(api.get(path + "?fields=members.reason").status == 422)
  }

  @Test mutating func bulkIgnoresDuplicatesIfAskedAndKeepsTheFirst() {
    let body: JSONValue = [
      "update_existing": true,
      "members": [
        ["email_address": "b@patchbay.example", "status": "subscribed"],
        ["email_address": "B@patchbay.example", "status": "unsubscribed"],
      ],
    ]
    let answer = api.post(list + "?skip_duplicate_check=true", body)
    #expect(answer["total_created"] == 1)
    #expect(answer["total_updated"] == 0)
    #expect(answer["error_count"] == 0)
    #expect(api.get(path + "/b@patchbay.example")["status"] == "subscribed")
  }

  @Test mutating func bulkAddsTagsAndReplacesThemIfAsked() {
    _ = add("b@patchbay.example", ["tags": ["old"]])
    func tags(sync: Bool) -> [String] {
      let body: JSONValue = [
        "update_existing": true, "sync_tags": .bool(sync),
        "members": [
          ["email_address": "b@patchbay.example", "status": "subscribed", "tags": ["new", "new"]]
        ],
      ]
      let member = api.post(list, body)["updated_members"]?.elements?.first
      return (member?["tags"]?.elements ?? []).compactMap { $0["name"]?.text }
    }
    #expect(tags(sync: false) == ["old", "new"])
    #expect(tags(sync: true) == ["new"])
  }

  @Test mutating func totalContactsAreShownToWhoAsksForThem() {
    #expect(api.get(list)["stats"]?["total_contacts"] == nil)
    #expect(api.get(list + "?include_total_contacts=true")["stats"]?["total_contacts"] == 4)
    let listed = api.get("/lists?include_total_contacts=true")["lists"]?.elements?.first
    #expect(listed?["stats"]?["total_contacts"] == 4)
    #expect(api.get(list + "?fields=stats.total_contacts").status == 200)
  }

  @Test mutating func audienceIsDeletedWithItsMembers() {
    let id = api.campaign()
    let answer = api.delete(list)
    #expect(answer.status == 204)
    #expect(answer.response.body.isEmpty)
    #expect(api.get(list).status == 404)
    #expect(api.get(path).status == 404)
    #expect(api.get("/lists")["total_items"] == 0)
    #expect(api.get("/campaigns/\(id)")["recipients"]?["list_is_active"] == false)
    #expect(api.get("/campaigns/\(id)/send-checklist")["is_ready"] == false)
  }
}
