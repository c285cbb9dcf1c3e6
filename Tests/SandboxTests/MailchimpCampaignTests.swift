import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpCampaignTests {
  var api = MailchimpBench()

  @Test mutating func campaignIsADraftUntilItIsSent() {
    let id = api.campaign(html: nil)
    let campaign = api.get("/campaigns/\(id)")
    #expect(id.count == 10)
    #expect(campaign["status"] == "save")
    #expect(campaign["send_time"] == "")
    #expect(campaign["emails_sent"] == 0)
    #expect(campaign["create_time"]?.text == MailchimpBench.start)
    #expect(campaign["recipients"]?["list_name"] == "Patchbay Readers")
    #expect(campaign["recipients"]?["recipient_count"] == 3)
    #expect(campaign["settings"]?["authenticate"] == true)
    #expect(campaign["report_summary"] == nil)
  }

  @Test mutating func invalidCampaignsAreRefusedFieldByField() {
    #expect(api.post("/campaigns").title == "Invalid Resource")
    #expect(api.post("/campaigns", [:]).messages == ["Required fields were not provided: type"])
    #expect(api.post("/campaigns", ["type": "email"]).fields == ["type"])
    let answer = api.post(
      "/campaigns",
      [
        "type": "regular", "recipients": ["list_id": "ffffffffff"],
        "settings": ["reply_to": "nonsense", "subject_line": .string(String(repeating: "x", count: 151))],
      ])
    #expect(answer.fields == ["recipients.list_id", "settings.reply_to", "settings.subject_line"])
    #expect(
      api.post("/campaigns", ["type": "regular", "settings": ["title": 5]]).fields == ["settings.title"])
    #expect(api.post("/campaigns", ["type": "variate"]).fields == ["variate_settings"])
    #expect(api.get("/campaigns")["total_items"] == 0)
  }

  @Test mutating func contentMakesItsOwnTextPart() {
    let id = api.campaign(html: nil)
    #expect(api.get("/campaigns/\(id)/content")["html"] == "")
    let answer = api.put("/campaigns/\(id)/content", ["html": "<h1>A</h1>\n<p>b</p>"])
    #expect(answer["html"] == "<h1>A</h1>\n<p>b</p>")
    #expect(answer["plain_text"] == "A b")
    #expect(api.put("/campaigns/\(id)/content", ["plain_text": "Mine"])["plain_text"] == "Mine")
    #expect(api.get("/campaigns/\(id)/content")["html"] == "<h1>A</h1>\n<p>b</p>")
    #expect(api.put("/campaigns/\(id)/content", [:]).status == 400)
    #expect(api.put("/campaigns/\(id)/content", ["template": ["id": 1]]).status == 400)
  }

  @Test mutating func checklistSaysWhatIsMissing() {
    let id = api.post("/campaigns", ["type": "regular"])["id"]?.text ?? ""
    func errors() -> [String] {
      var api = self.api
      let items = api.get("/campaigns/\(id)/send-checklist")["items"]?.elements ?? []
      return items.filter { $0["type"] == "error" }.compactMap { $0["heading"]?.text }
    }
    #expect(errors() == ["List", "Subject Line", "From Name", "Reply-to", "Content"])
    _ = api.patch("/campaigns/\(id)", ["recipients": ["list_id": .string(MailchimpBench.listID)]])
    _ = api.patch("/campaigns/\(id)", ["settings": ["subject_line": "S", "from_name": "P"]])
    #expect(errors() == ["Reply-to", "Content"])
    _ = api.patch("/campaigns/\(id)", ["settings": ["reply_to": "p@patchbay.example"]])
    _ = api.put("/campaigns/\(id)/content", ["html": "<p>x</p>"])
    #expect(errors() == [])
    #expect(api.get("/campaigns/\(id)/send-checklist")["is_ready"] == true)
    #expect(
      api.get("/campaigns/\(id)")["settings"]?["subject_line"] == "S", "a later change keeps earlier ones")
  }

  @Test mutating func audienceWithoutSubscribersIsNotReady() {
    let id = api.campaign()
    for name in ["ada", "grace", "katherine"] {
      _ = api.patch(
        "/lists/\(MailchimpBench.listID)/members/\(name)@patchbay.example", ["status": "unsubscribed"])
    }
    let refused = api.post("/campaigns/\(id)/actions/send")
    #expect(refused.status == 400)
    #expect(refused["detail"] == "Your Campaign is not ready to send.")
    #expect(refused.fields == ["List"])
  }

  @Test mutating func sendTakesTwoSecondsOfSandboxTime() {
    let id = api.campaign()
    let answer = api.post("/campaigns/\(id)/actions/send")
    #expect(answer.status == 204)
    #expect(answer.response.body.isEmpty)
    #expect(answer.response.header("Content-Type") == nil)
    #expect(api.status(of: id) == "sending")
    api.now = api.now.advanced(byMilliseconds: 1999)
    #expect(api.status(of: id) == "sending")
    #expect(api.get("/campaigns/\(id)")["emails_sent"] == 2)
    api.now = api.now.advanced(byMilliseconds: 1)
    let sent = api.get("/campaigns/\(id)")
    #expect(sent["status"] == "sent")
    #expect(sent["emails_sent"] == 3)
    #expect(sent["send_time"]?.text == MailchimpBench.start)
    #expect(sent["delivery_status"]?["status"] == "delivered")
  }

  @Test mutating func secondSendIsRefusedAndSendsNothing() {
    let id = api.campaign()
    _ = api.post("/campaigns/\(id)/actions/send")
    let early = api.post("/campaigns/\(id)/actions/send")
    api.advance(seconds: 10)
    let late = api.post("/campaigns/\(id)/actions/send")
    for refused in [early, late] {
      #expect(refused.status == 400)
      #expect(refused.title == "Invalid Action")
    }
    #expect(api.platform.sends.count == 1)
  }

  @Test mutating func campaignThatIsNoDraftCannotBeChanged() {
    let id = api.campaign()
    _ = api.post("/campaigns/\(id)/actions/send")
    let edit = api.patch("/campaigns/\(id)", ["settings": ["title": "late"]])
    #expect(edit.status == 400)
    #expect(edit.title == "Invalid Action")
    #expect(api.put("/campaigns/\(id)/content", ["html": "<p>late</p>"]).title == "Invalid Action")
  }

  @Test mutating func campaignCannotBeDeletedWhileItIsSending() {
    let id = api.campaign()
    _ = api.post("/campaigns/\(id)/actions/send")
    let refused = api.delete("/campaigns/\(id)")
    #expect(refused.status == 405)
    #expect(refused.title == "Method Not Allowed")
    api.advance(seconds: 3)
    #expect(api.delete("/campaigns/\(id)").status == 204)
    #expect(api.get("/campaigns/\(id)").status == 404)
    #expect(api.platform.sends.count == 1)
  }

  @Test(arguments: [
    "2026-11-23T12:10:00+00:00", "2026-11-23T12:15:01Z", "2026-11-23T12:15:00.500Z", "2026-11-23T10:00:00Z",
    "2026-11-23 noon", "2026-11-23T14:20:00+02:00",
  ])
  mutating func scheduleNeedsAQuarterHourOfTheFuture(time: String) {
    let id = api.campaign()
    let answer = api.post("/campaigns/\(id)/actions/schedule", ["schedule_time": .string(time)])
    #expect(answer.status == 400)
    #expect(answer.fields == ["schedule_time"])
    #expect(api.status(of: id) == "save")
  }

  @Test mutating func scheduledCampaignIsSentAtItsTime() {
    let id = api.campaign()
    let answer = api.post("/campaigns/\(id)/actions/schedule", ["schedule_time": "2026-11-23T12:15:00+02:00"])
    #expect(answer.status == 204)
    let scheduled = api.get("/campaigns/\(id)")
    #expect(scheduled["status"] == "schedule")
    #expect(scheduled["send_time"] == "2026-11-23T10:15:00+00:00")
    #expect(api.post("/campaigns/\(id)/actions/send").status == 400)
    #expect(api.patch("/campaigns/\(id)", ["settings": ["title": "x"]]).title == "Invalid Action")
    api.advance(seconds: 8 * 60 - 1)
    #expect(api.status(of: id) == "schedule")
    api.advance(seconds: 1)
    #expect(api.status(of: id) == "sending")
    #expect(api.post("/campaigns/\(id)/actions/unschedule").status == 400)
    api.advance(seconds: 2)
    #expect(api.status(of: id) == "sent")
    #expect(api.platform.sends.map(\.time.iso8601) == ["2026-11-23T10:15:00+00:00"])
  }

  @Test mutating func unscheduledCampaignIsADraftAgain() {
    let id = api.campaign()
    #expect(api.post("/campaigns/\(id)/actions/unschedule").title == "Invalid Action")
    _ = api.post("/campaigns/\(id)/actions/schedule", ["schedule_time": "2026-11-23T10:15:00Z"])
    #expect(api.post("/campaigns/\(id)/actions/unschedule").status == 204)
    api.advance(seconds: 3600)
    #expect(api.status(of: id) == "save")
    #expect(api.platform.sends.isEmpty)
  }

  @Test mutating func campaignThatIsNotReadyCannotBeScheduled() {
    let id = api.campaign(html: nil)
    let answer = api.post("/campaigns/\(id)/actions/schedule", ["schedule_time": "2026-11-23T10:15:00Z"])
    #expect(answer.title == "Bad Request")
  }

  @Test mutating func cancelledSendStopsWhereItWas() {
    let id = api.campaign()
    #expect(api.post("/campaigns/\(id)/actions/cancel-send").status == 400)
    _ = api.post("/campaigns/\(id)/actions/send")
    api.advance(seconds: 1)
    #expect(api.post("/campaigns/\(id)/actions/cancel-send").status == 204)
    #expect(api.status(of: id) == "canceling")
    api.advance(seconds: 5)
    let cancelled = api.get("/campaigns/\(id)")
    #expect(cancelled["status"] == "canceled")
    #expect(cancelled["emails_sent"] == 1)
    #expect(cancelled["delivery_status"]?["emails_canceled"] == 2)
  }

  @Test mutating func pauseAndResumeAreForFeedsAlone() {
    let id = api.campaign()
    #expect(api.post("/campaigns/\(id)/actions/pause").title == "Invalid Action")
    let feed = api.campaign(
      type: "rss", extra: ["rss_opts": ["feed_url": "https://patchbay.example/feed", "frequency": "daily"]])
    #expect(api.post("/campaigns/\(feed)/actions/resume").title == "Invalid Action")
    #expect(api.post("/campaigns/\(feed)/actions/send").status == 204)
    #expect(api.post("/campaigns/\(feed)/actions/pause").status == 204)
    #expect(api.status(of: feed) == "paused")
    #expect(api.post("/campaigns/\(feed)/actions/resume").status == 204)
  }

  @Test mutating func actionTakesNullAsItsBody() {
    let id = api.campaign()
    let answer = api.send("POST", "/campaigns/\(id)/actions/send", .null)
    #expect(answer.status == 204)
  }

  @Test mutating func testEmailNeedsAddressesAKindAndContent() {
    let id = api.campaign(html: nil)
    let body: JSONValue = ["test_emails": ["me@patchbay.example"], "send_type": "html"]
    #expect(api.post("/campaigns/\(id)/actions/test", body).title == "Bad Request")
    _ = api.put("/campaigns/\(id)/content", ["html": "<p>x</p>"])
    #expect(api.post("/campaigns/\(id)/actions/test", body).status == 204)
    #expect(
      api.post("/campaigns/\(id)/actions/test", body.merging(["send_type": "text"])).fields == ["send_type"])
    #expect(
      api.post("/campaigns/\(id)/actions/test", body.merging(["test_emails": []])).fields == ["test_emails"])
    #expect(api.status(of: id) == "save")
    #expect(api.platform.testSends.count == 1)
  }

  @Test mutating func copiesAreDraftsOfTheirOwn() {
    let id = api.campaign(title: "First")
    let copy = api.post("/campaigns/\(id)/actions/replicate")
    #expect(copy.status == 200)
    #expect(copy["settings"]?["title"] == "First (copy 01)")
    #expect(copy["status"] == "save")
    #expect(api.post("/campaigns/\(id)/actions/create-resend").title == "Invalid Action")
    _ = api.post("/campaigns/\(id)/actions/send")
    api.advance(seconds: 3)
    let resend = api.post("/campaigns/\(id)/actions/create-resend")
    #expect(resend["parent_campaign_id"]?.text == id)
    #expect(api.get("/campaigns")["total_items"] == 3)
    let unknown = api.post("/campaigns/\(id)/actions/publish")
    #expect(unknown.status == 400)
    #expect(unknown.title == "Invalid Action")
  }

  @Test mutating func reportExistsForWhatWasSentAndGrows() {
    for number in 0..<200 {
      _ = api.post(
        "/lists/\(MailchimpBench.listID)/members",
        ["email_address": "r\(number)@patchbay.example", "status": "subscribed"])
    }
    let id = api.campaign()
    #expect(api.get("/reports/\(id)").status == 404)
    _ = api.post("/campaigns/\(id)/actions/send")
    api.advance(seconds: 3600)
    let early = api.get("/reports/\(id)")
    #expect(early["emails_sent"] == 203)
    api.advance(seconds: 86_400)
    let late = api.get("/reports/\(id)")
    let opens = [early, late].map { $0["opens"]?["unique_opens"]?.integer ?? -1 }
    #expect(opens[0] > 0 && opens[0] < opens[1], "\(opens)")
    let hours = (late["timeseries"]?.elements ?? []).map { $0["unique_opens"]?.integer ?? 0 }
    #expect(hours.count == 24)
    #expect(hours.reduce(0, +) == opens[1])
    #expect(api.get("/reports")["total_items"] == 1)
    #expect(api.get("/campaigns/\(id)")["report_summary"]?["unique_opens"]?.integer == opens[1])
  }
}
