import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpReportTests {
  var api = MailchimpBench()

  private mutating func sent(to emails: [String], html: String = "<a href=\"https://a.example/\">A</a>")
    -> String
  {
    for email in emails {
      _ = api.post(
        "/lists/\(MailchimpBench.listID)/members", ["email_address": .string(email), "status": "subscribed"])
    }
    let id = api.campaign(html: html)
    _ = api.post("/campaigns/\(id)/actions/send")
    return id
  }

  private mutating func member(_ email: String) -> BenchAnswer {
    api.get("/lists/\(MailchimpBench.listID)/members/\(email)")
  }

  @Test mutating func addressSaysWhatBecomesOfIt() {
    let id = sent(to: [
      "bounce+1@b.example", "soft.2@b.example", "unsubscribe@b.example", "complaint-3@b.example",
      "bouncer@b.example",
    ])
    api.advance(seconds: 30)
    #expect(api.get("/reports/\(id)")["bounces"]?["hard_bounces"] == 0)
    api.advance(seconds: 3600)
    #expect(member("bounce+1@b.example")["status"] == "cleaned")
    #expect(member("soft.2@b.example")["status"] == "subscribed")
    #expect(member("unsubscribe@b.example")["status"] == "unsubscribed")
    #expect(member("bouncer@b.example")["status"] == "subscribed")
    let report = api.get("/reports/\(id)")
    #expect(report["unsubscribed"] == 2)
    #expect(report["abuse_reports"] == 1)
    let again = api.patch(
      "/lists/\(MailchimpBench.listID)/members/unsubscribe@b.example", ["status": "subscribed"])
    #expect(again.title == "Member In Compliance State")
  }

  @Test mutating func whoWasNotReachedDoesNotReact() {
    for number in 0..<50 {
      _ = api.post(
        "/lists/\(MailchimpBench.listID)/members",
        ["email_address": .string("c\(number)@b.example"), "status": "subscribed"])
    }
    let id = sent(to: ["bounce@b.example"])
    _ = api.post("/campaigns/\(id)/actions/cancel-send")
    api.advance(seconds: 3600)
    #expect(api.get("/reports/\(id)")["bounces"]?["hard_bounces"] == 0)
    #expect(member("bounce@b.example")["status"] == "subscribed")
  }

  @Test mutating func audienceHasTheRatesOfItsCampaigns() {
    let list = "/lists/\(MailchimpBench.listID)"
    #expect(api.get(list)["stats"]?["open_rate"] == 0)
    let id = sent(to: (0..<50).map { "o\($0)@b.example" })
    api.advance(seconds: 200_000)
    let report = api.get("/reports/\(id)")
    #expect(report["opens"]?["open_rate"] != 0)
    #expect(api.get(list)["stats"]?["open_rate"] == report["opens"]?["open_rate"])
    #expect(
      api.get("/lists")["lists"]?.elements?.first?["stats"]?["click_rate"] == report["clicks"]?["click_rate"])
  }

  @Test mutating func campaignWithoutLinksHasNoClicks() {
    let id = sent(to: (0..<50).map { "n\($0)@b.example" }, html: "<p>Hello</p>")
    api.advance(seconds: 200_000)
    #expect(api.get("/reports/\(id)")["clicks"]?["clicks_total"] == 0)
    #expect(api.get("/reports/\(id)/click-details")["total_items"] == 0)
  }

  @Test mutating func timeNeverTakesBackWhatWasReported() {
    let id = sent(to: (0..<100).map { "t\($0)@b.example" })
    var last: Int64 = 0
    for _ in 0..<40 {
      api.advance(seconds: 4 * 3600)
      let opens = api.get("/reports/\(id)")["opens"]?["opens_total"]?.integer ?? -1
      #expect(opens >= last)
      last = opens
    }
    #expect(last > 50)
  }

  @Test(arguments: [
    "", "/open-details", "/click-details", "/email-activity", "/unsubscribed", "/sent-to", "/abuse-reports",
    "/locations", "/domain-performance", "/advice", "/eepurl", "/sub-reports",
  ])
  mutating func reportIsThereOnlyForWhatWasSent(place: String) {
    let draft = api.campaign()
    #expect(api.get("/reports/\(draft)\(place)").status == 404)
    #expect(api.get("/reports/none\(place)").status == 404)
    let id = sent(to: [])
    #expect(api.get("/reports/\(id)\(place)").status == 200)
    #expect(api.get("/reports/\(id)\(place)?fields=nonsense").status == 422)
  }

  @Test mutating func recipientsArePagedAndFoundOneByOne() {
    let id = sent(to: (0..<20).map { "p\($0)@b.example" })
    api.advance(seconds: 10)
    let page = api.get("/reports/\(id)/sent-to?count=5&offset=20")
    #expect(page["total_items"] == 23)
    #expect(page["sent_to"]?.elements?.count == 3)
    let hash = Member.id(of: "p1@b.example")
    #expect(api.get("/reports/\(id)/sent-to/\(hash)")["email_address"] == "p1@b.example")
    #expect(api.get("/reports/\(id)/sent-to/\(Member.id(of: "q@b.example"))").status == 404)
  }

  @Test mutating func activitySinceShowsOnlyWhoDidSomethingAfter() {
    let id = sent(to: (0..<100).map { "s\($0)@b.example" })
    api.advance(seconds: 43_200)
    let middle = api.now
    api.advance(seconds: 43_200)
    let all = api.get("/reports/\(id)/email-activity")["total_items"]?.integer ?? 0
    let path = "/reports/\(id)/email-activity?count=1000&since=\(middle.iso8601.dropLast(6))Z"
    let recent = api.get(path)
    let count = recent["total_items"]?.integer ?? 0
    #expect(count > 0 && count < all)
    let times = (recent["emails"]?.elements ?? []).flatMap { $0["activity"]?.elements ?? [] }
      .compactMap { $0["timestamp"]?.text }
    #expect(times.allSatisfy { $0 > middle.iso8601 })
  }
}
