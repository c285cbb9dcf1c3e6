import ConnectorModel
import Testing

@testable import Sandbox

/// The finer points of campaigns: delivery status, order of sends, actions with bodies.
@Suite struct MailchimpCampaignDetailTests {
  var api = MailchimpBench()

  @Test mutating func deliveryStatusOfADraftSaysOnlyThatThereIsNone() {
    let id = api.campaign()
    #expect(api.get("/campaigns/\(id)")["delivery_status"] == ["enabled": false])
    _ = api.post("/campaigns/\(id)/actions/send")
    let delivery = api.get("/campaigns/\(id)")["delivery_status"]
    #expect(delivery?["enabled"] == true)
    #expect(delivery?["can_cancel"] == true)
    #expect(delivery?["status"] == "delivering")
    #expect(api.get("/campaigns/\(id)?fields=delivery_status.can_cancel").status == 200)
  }

  @Test mutating func scheduledCampaignsAreSentInTheOrderOfTheirTimes() {
    let late = api.campaign(title: "late")
    let early = api.campaign(title: "early")
    _ = api.post("/campaigns/\(late)/actions/schedule", ["schedule_time": "2026-11-23T11:00:00Z"])
    _ = api.post("/campaigns/\(early)/actions/schedule", ["schedule_time": "2026-11-23T10:30:00Z"])
    api.advance(seconds: 86_400)
    _ = api.get("/ping")
    #expect(api.platform.sends.map(\.campaignID) == [early, late])
  }

  @Test mutating func campaignsSentToAMemberAreFound() {
    let sent = api.campaign(title: "sent")
    _ = api.campaign(title: "draft")
    _ = api.post("/campaigns/\(sent)/actions/send")
    api.advance(seconds: 60)
    _ = api.post(
      "/lists/\(MailchimpBench.listID)/members",
      ["email_address": "late@patchbay.example", "status": "subscribed"])
    func found(_ email: String) -> [String] {
      let answer = api.get("/campaigns?member_id=\(Member.id(of: email))")
      return (answer["campaigns"]?.elements ?? []).compactMap { $0["id"]?.text }
    }
    #expect(found("ada@patchbay.example") == [sent])
    #expect(found("late@patchbay.example") == [])
    #expect(found("mary@patchbay.example") == [])
  }

  @Test mutating func resendTakesAShortcutOrNothing() {
    let id = api.campaign()
    _ = api.post("/campaigns/\(id)/actions/send")
    api.advance(seconds: 60)
    let resend = "/campaigns/\(id)/actions/create-resend"
    #expect(api.post(resend, ["shortcut_type": "to_everyone"]).fields == ["shortcut_type"])
    #expect(api.post(resend, ["shortcut_type": "to_non_openers"]).status == 200)
    #expect(api.send("POST", resend, .null).status == 200)
    #expect(api.send("POST", resend, []).status == 200, "PHP writes an empty object so")
  }

  @Test mutating func copyOfACampaignWithoutATitleHasNoSpaceInFront() {
    let id = api.post("/campaigns", ["type": "regular"])["id"]?.text ?? ""
    #expect(api.post("/campaigns/\(id)/actions/replicate")["settings"]?["title"] == "(copy 01)")
  }

  @Test(arguments: [
    #"{"winner_criteria": "opens", "wait_time": 9223372036854775807}"#,
    #"{"winner_criteria": "opens", "wait_time": -1}"#, #"{"winner_criteria": "opens", "test_size": 5}"#,
    #"{"winner_criteria": "opens", "subject_lines": ["a", "b", "c", "d"]}"#,
    #"{"winner_criteria": "opens", "test_size": 50, "send_times": ["2026-12-01T10:00:00Z", "2026-12-02T10:00:00Z"]}"#,
    #"{"winner_criteria": "luck"}"#, #"{}"#,
  ])
  mutating func testThatCannotBeIsRefused(settings: String) {
    let answer = api.post(
      "/campaigns", ["type": "variate", "variate_settings": JSONValue.parse(Array(settings.utf8)) ?? .null])
    #expect(answer.status == 400)
  }

  @Test mutating func variantsNeedTheirLabel() {
    let id = api.campaign(
      type: "variate", html: nil, extra: ["variate_settings": ["winner_criteria": "opens"]])
    let content = "/campaigns/\(id)/content"
    #expect(api.put(content, ["variate_contents": [["html": "<p>a</p>"]]]).status == 400)
    #expect(
      api.put(content, ["variate_contents": [["content_label": "A", "html": "<p>a</p>"]]]).status == 200)
  }

  @Test mutating func linksThatTakeABodyNameItsSchema() {
    let links = api.get("/lists/\(MailchimpBench.listID)")["_links"]?.elements ?? []
    let update = links.first { $0["rel"] == "update" }
    let root = "https://us19.api.mailchimp.com/schema/3.0/Definitions/Lists"
    #expect(update?["targetSchema"]?.text == root + "/Response.json")
    #expect(update?["schema"]?.text == root + "/PATCH.json")
    #expect(links.first { $0["rel"] == "self" }?["schema"] == nil)
  }
}
