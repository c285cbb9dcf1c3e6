import ConnectorModel
import Ports
import Runtime
import Testing

@testable import HTTPAPI

@Suite struct SyncRoutesTests {
  @Test func filtersReachTheService() async throws {
    let bench = APIBench()
    let answer = await bench.ask(
      "GET",
      "/api/analytics/con_1?stream=campaign.reports&subject=c%201&kind=campaign&since=2026-02-03T04:05:06Z&limit=1"
    )
    #expect(answer.status == 200)
    let query = try #require(bench.service.analytics.first)
    #expect(query.stream == "campaign.reports" && query.subject == "c 1" && query.kind == "campaign")
    #expect(query.since == 1_770_091_506_000_000_000 && query.until == nil)
  }

  @Test(arguments: ["since=yesterday", "stream=a%20b", "limit=0", "subject="]) func unfitFilterIsRefused(
    _ query: String
  ) async throws {
    let answer = await APIBench().ask("GET", "/api/analytics/con_1?\(query)")
    #expect(answer.status == 422 || answer.status == 400)
  }
}
