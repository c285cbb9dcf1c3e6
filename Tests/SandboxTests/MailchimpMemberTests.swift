import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpMemberTests {
  var api = MailchimpBench()
  let path = "/lists/\(MailchimpBench.listID)/members"
  let new: JSONValue = ["email_address": "New@Patchbay.example", "status_if_new": "subscribed"]

  private func id(_ email: String) -> String { Member.id(of: email) }

  @Test func memberIDIsTheMD5OfTheLowerCaseAddress() {
    #expect(Member.id(of: "Urist.McVankab@freddiesjokes.com") == "62eeb292278cc15f5817cb78f7790b08")
  }

  @Test mutating func putCreatesOnceAndThenUpdates() {
    let member = path + "/" + id("new@patchbay.example")
    let first = api.put(
      member, new.merging(["merge_fields": ["FNAME": "N", "UNHEARD": "x"], "tags": ["a"]]))
    #expect(first.status == 200)
    #expect(first["id"]?.text == id("new@patchbay.example"))
    #expect(first["email_address"] == "New@Patchbay.example")
    #expect(first["merge_fields"]?["FNAME"] == "N")
    #expect(first["merge_fields"]?["UNHEARD"] == nil)
    #expect(first["tags_count"] == 1)
    let second = api.put(member, new.merging(["status_if_new": "pending", "tags": ["b"]]))
    #expect(second["status"] == "subscribed", "status_if_new is for new members alone")
    #expect(second["merge_fields"]?["FNAME"] == "N")
    #expect(second["tags_count"] == 1, "tags are for new members alone")
    #expect(second["contact_id"] == first["contact_id"])
    #expect(api.get("/lists/\(MailchimpBench.listID)")["stats"]?["member_count"] == 4)
  }

  @Test mutating func putOfANewMemberNeedsStatusIfNew() {
    let answer = api.put(path + "/" + id("new@patchbay.example"), ["email_address": "new@patchbay.example"])
    #expect(answer.status == 400)
    #expect(answer.title == "Invalid Resource")
    #expect(answer.messages.first?.contains("status_if_new") == true)
  }

  @Test mutating func memberIsFoundByHashAddressAndContactID() {
    let ada = api.get(path + "/" + id("ada@patchbay.example"))
    #expect(ada.status == 200)
    #expect(api.get(path + "/ADA@patchbay.example")["id"] == ada["id"])
    #expect(api.get(path + "/" + (ada["contact_id"]?.text ?? ""))["id"] == ada["id"])
    #expect(api.get(path + "/" + id("nobody@patchbay.example")).status == 404)
  }

  @Test mutating func postOfAMemberThatExistsIsRefused() {
    let body: JSONValue = ["email_address": "Ada@patchbay.example", "status": "subscribed"]
    #expect(api.post(path, body).title == "Member Exists")
    #expect(api.post(path, ["email_address": "b@patchbay.example"]).title == "Invalid Resource")
  }

  @Test(arguments: [
    "", "plain", "a@b", "@patchbay.example", "a b@patchbay.example", "a@@patchbay.example", "a@b..c",
  ])
  mutating func addressThatIsNoneIsRefused(address: String) {
    let answer = api.post(path, ["email_address": .string(address), "status": "subscribed"])
    #expect(answer.status == 400)
    #expect(answer.title == "Invalid Resource")
  }

  @Test mutating func fieldsOfAWrongTypeAreNamed() {
    let answer = api.put(
      path + "/" + id("new@patchbay.example"),
      new.merging(["merge_fields": "FNAME", "vip": 1, "status": "Subscribed", "location": ["latitude": "x"]]))
    #expect(answer.title == "Invalid Resource")
    #expect(Set(answer.fields) == ["merge_fields", "vip", "status", "location.latitude"])
    #expect(answer.messages.contains("Schema describes object, string found instead"))
  }

  @Test mutating func mergeFieldsAreCheckedUnlessSkipped() {
    let member = path + "/" + id("new@patchbay.example")
    let body = new.merging(["merge_fields": ["ADDRESS": ["addr1": "1 Lane"]]])
    let refused = api.put(member, body)
    #expect(refused["detail"] == "Your merge fields were invalid.")
    #expect(refused.fields == ["ADDRESS"])
    #expect(api.put(member + "?skip_merge_validation=true", body).status == 200)
  }

  @Test mutating func archivedMemberIsHiddenAndComesBack() {
    let member = path + "/" + id("ada@patchbay.example")
    #expect(api.delete(member).status == 204)
    #expect(api.delete(member).status == 405)
    #expect(api.get(member)["status"] == "archived")
    #expect(api.get(path)["total_items"] == 3)
    #expect(api.get(path + "?status=archived")["total_items"] == 1)
    #expect(api.post(path, ["email_address": "ada@patchbay.example", "status": "subscribed"]).status == 200)
    #expect(api.get(member)["status"] == "subscribed")
  }

  @Test mutating func deletedForGoodMeansForgotten() {
    let member = path + "/" + id("ada@patchbay.example")
    #expect(api.post(member + "/actions/delete-permanent").status == 204)
    #expect(api.get(member).status == 404)
    let body: JSONValue = ["email_address": "ada@patchbay.example", "status": "subscribed"]
    let refused = api.post(path, body)
    #expect(refused.status == 400)
    #expect(refused.title == "Forgotten Email Not Subscribed")
    #expect(
      api.put(member, body.merging(["status_if_new": "subscribed"])).title == "Forgotten Email Not Subscribed"
    )
    #expect(api.post(path, body.merging(["status": "pending"])).status == 200)
  }

  @Test mutating func whoLeftByThemselvesCannotBeSubscribed() {
    let member = path + "/" + id("mary@patchbay.example")
    let refused = api.patch(member, ["status": "subscribed"])
    #expect(refused.status == 400)
    #expect(refused.title == "Member In Compliance State")
    #expect(api.get(member)["status"] == "unsubscribed")
    #expect(api.patch(member, ["status": "pending"]).status == 200)
    let ada = path + "/" + id("ada@patchbay.example")
    #expect(api.patch(ada, ["status": "unsubscribed"]).status == 200)
    #expect(api.patch(ada, ["status": "subscribed"]).status == 200)
  }

  @Test mutating func newAddressMovesTheMemberToItsNewHash() {
    let moved = api.patch(
      path + "/" + id("ada@patchbay.example"), ["email_address": "lovelace@patchbay.example"])
    #expect(moved["id"]?.text == id("lovelace@patchbay.example"))
    #expect(api.get(path + "/" + id("ada@patchbay.example")).status == 404)
    let taken = api.patch(
      path + "/" + id("grace@patchbay.example"), ["email_address": "mary@patchbay.example"])
    #expect(taken.status == 400)
  }

  @Test mutating func tagsAreSwitchedOnAndOffWithoutABody() {
    let tags = path + "/" + id("ada@patchbay.example") + "/tags"
    let on: JSONValue = ["tags": [["name": "a", "status": "active"], ["name": "b", "status": "active"]]]
    let answer = api.post(tags, on)
    #expect(answer.status == 204)
    #expect(answer.response.body.isEmpty)
    _ = api.post(tags, on)
    #expect(api.get(tags)["total_items"] == 2)
    #expect(api.post(tags, ["tags": [["name": "a", "status": "inactive"]]]).status == 204)
    #expect(api.get(tags)["tags"]?.elements?.map { $0["name"] } == ["b"])
    #expect(api.post(tags, ["tags": [["name": "a", "status": "on"]]]).status == 400)
    #expect(
      api.post(tags, ["tags": [["name": .string(String(repeating: "x", count: 101)), "status": "active"]]])
        .status == 400)
  }

  @Test mutating func bulkTellsItsFailuresInsideASuccess() {
    let body: JSONValue = [
      "members": [
        ["email_address": "one@patchbay.example", "status": "subscribed", "tags": ["x"]],
        ["email_address": "ONE@patchbay.example", "status": "subscribed"],
        ["email_address": "ada@patchbay.example", "status": "subscribed"],
        ["email_address": "nonsense", "status": "subscribed"],
        ["email_address": "mary@patchbay.example", "status": "subscribed"],
        ["email_address": "two@patchbay.example"],
      ]
    ]
    let list = "/lists/\(MailchimpBench.listID)"
    let answer = api.post(list, body)
    #expect(answer.status == 200)
    #expect(answer["total_created"] == 1)
    #expect(answer["total_updated"] == 0)
    #expect(answer["error_count"] == 5)
    let codes = (answer["errors"]?.elements ?? []).compactMap { $0["error_code"]?.text }
    #expect(
      codes == [
        "ERROR_GENERIC", "ERROR_CONTACT_EXISTS", "ERROR_GENERIC", "ERROR_CONTACT_EXISTS", "ERROR_GENERIC",
      ])
    let updated = api.post(list, body.merging(["update_existing": true]))
    #expect(updated["total_updated"] == 2)
    #expect(updated["error_count"] == 4, "compliance, duplicate, nonsense and no status")
  }

  @Test mutating func bulkTakesFiveHundredAtMost() {
    func body(_ count: Int) -> JSONValue {
      [
        "members": .array(
          (0..<count).map { ["email_address": "m\($0)@patchbay.example", "status": "subscribed"] })
      ]
    }
    let list = "/lists/\(MailchimpBench.listID)"
    #expect(api.post(list, body(501)).status == 400)
    #expect(api.post(list, body(500))["total_created"] == 500)
  }

  @Test mutating func audienceIsMadeAndChanged() {
    let made = api.post(
      "/lists",
      [
        "name": "Second", "permission_reminder": "You asked.", "email_type_option": true,
        "contact": ["company": "P", "address1": "1 Lane", "city": "Berlin", "country": "DE"],
        "campaign_defaults": [
          "from_name": "P", "from_email": "p@patchbay.example", "subject": "", "language": "en",
        ],
      ])
    #expect(made.status == 200)
    #expect(made["id"]?.text?.count == 10)
    #expect(made["stats"]?["member_count"] == 0)
    #expect(api.get("/lists")["total_items"] == 2)
    let id = made["id"]?.text ?? ""
    let changed = api.patch("/lists/\(id)", ["name": "Other", "contact": ["city": "Hamburg"]])
    #expect(changed["name"] == "Other")
    #expect(changed["contact"]?["city"] == "Hamburg")
    #expect(changed["contact"]?["company"] == "P")
    #expect(api.post("/lists", ["name": "Third"]).status == 400)
    #expect(api.patch("/lists/\(id)", ["name": 3]).fields == ["name"])
    #expect(api.get("/lists/ffffffffff").status == 404)
  }
}
