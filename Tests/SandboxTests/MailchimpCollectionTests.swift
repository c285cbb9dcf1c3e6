import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpCollectionTests {
  var api = MailchimpBench()

  @Test mutating func pagesHaveTenItemsUnlessAsked() {
    let ids = (0..<12).map { api.campaign(title: "\($0)", html: nil) }
    let first = api.get("/campaigns")
    #expect(first["campaigns"]?.elements?.count == 10)
    #expect(first["total_items"] == 12)
    #expect(first["_links"] != nil)
    let rest = api.get("/campaigns?count=5&offset=10")
    #expect(rest["campaigns"]?.elements?.count == 2)
    #expect(rest["total_items"] == 12)
    #expect(api.get("/campaigns?count=0")["campaigns"] == [])
    #expect(api.get("/campaigns?count=1000")["campaigns"]?.elements?.count == ids.count)
  }

  @Test(arguments: ["count=1001", "count=-1", "count=ten", "offset=-1"])
  mutating func countAndOffsetAreBounded(query: String) {
    let answer = api.get("/campaigns?\(query)")
    #expect(answer.status == 400)
    #expect(answer.fields == [String(query.prefix { $0 != "=" })])
  }

  @Test mutating func fieldsSelectInDotNotation() {
    #expect(
      api.get("/lists?fields=lists.name,lists.stats.member_count,total_items").json == [
        "lists": [["name": "Patchbay Readers", "stats": ["member_count": 3]]], "total_items": 1,
      ])
    #expect(api.get("/lists/\(MailchimpBench.listID)?fields=name").json == ["name": "Patchbay Readers"])
  }

  @Test mutating func excludedFieldsAreLeftOut() {
    let answer = api.get("/lists?exclude_fields=lists._links,lists.stats,_links,constraints")
    #expect(answer["_links"] == nil)
    #expect(answer["lists"]?.elements?.first?["stats"] == nil)
    #expect(answer["lists"]?.elements?.first?["id"] == .string(MailchimpBench.listID))
  }

  @Test mutating func fieldsAndExcludedFieldsExcludeEachOther() {
    #expect(api.get("/lists?fields=lists.id&exclude_fields=lists.name").status == 400)
  }

  @Test(arguments: ["lists.nonsense", "name", "lists.stats.nonsense", "lists.id.deeper"])
  mutating func fieldThatDoesNotExistIsAnError(field: String) {
    let answer = api.get("/lists?fields=\(field)")
    #expect(answer.status == 422)
    #expect(answer["detail"] == "The fields requested from this resource are invalid.")
    #expect(api.get("/lists?exclude_fields=\(field)").status == 422)
  }

  @Test mutating func fieldsOfAnEmptyCollectionAreStillChecked() {
    #expect(api.get("/campaigns?fields=campaigns.id,campaigns.settings.title").json == ["campaigns": []])
    #expect(api.get("/campaigns?fields=campaigns.name").status == 422)
    #expect(api.get("/reports?fields=reports.opens.open_rate").status == 200)
    #expect(api.get("/reports?fields=reports.opens.rate").status == 422)
  }

  @Test mutating func fieldsThatOnlySomeCampaignsHaveAreKnown() {
    let id = api.campaign()
    let answer = api.get(
      "/campaigns/\(id)?fields=id,report_summary.opens,rss_opts,variate_settings.winner_criteria")
    #expect(answer.json == ["id": .string(id)])
  }

  @Test mutating func campaignsAreFilteredByTimeStatusAndAudience() {
    let early = api.campaign(title: "early")
    api.advance(seconds: 100)
    let border = api.now.iso8601
    let late = api.campaign(title: "late")
    api.advance(seconds: 100)
    let latest = api.campaign(title: "latest")
    func ids(_ query: String) -> [String] {
      var api = self.api
      let answer = api.get("/campaigns?count=100&\(query)")
      return (answer["campaigns"]?.elements ?? []).compactMap { $0["id"]?.text }
    }
    #expect(ids("") == [latest, late, early])
    #expect(ids("sort_field=create_time&sort_dir=ASC") == [early, late, latest])
    #expect(ids("since_create_time=\(border.replacing("+", with: "%2B"))") == [latest])
    #expect(ids("since_create_time=\(border)") == [latest], "an unescaped + is a space")
    #expect(ids("before_create_time=\(border.prefix(19))Z") == [early])
    #expect(ids("list_id=\(MailchimpBench.listID)").count == 3)
    #expect(ids("list_id=ffffffffff") == [])
    _ = api.post("/campaigns/\(late)/actions/send")
    #expect(ids("status=sending") == [late])
    #expect(ids("status=save") == [latest, early])
    #expect(ids("since_send_time=2020-01-01T00:00:00Z") == [late])
    #expect(ids("type=variate") == [])
  }

  @Test(arguments: ["status=scheduled", "sort_field=id", "since_create_time=yesterday", "type=email"])
  mutating func filterThatDoesNotExistIsAnErrorAlsoOfAnEmptyCollection(query: String) {
    let answer = api.get("/campaigns?\(query)")
    #expect(answer.status == 400)
    #expect(answer.title == "Invalid Resource")
  }
}
