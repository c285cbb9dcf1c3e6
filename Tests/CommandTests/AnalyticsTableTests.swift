import ConnectorModel
import Testing

@testable import patchbay

@Suite struct AnalyticsTableTests {
  @Test func recordsOfDifferentKindsShareATable() {
    let table = AnalyticsTable([
      [
        "stream": "reports", "kind": "post", "subject": "c1", "at": "t", "updatedAt": "u",
        "data": ["id": "r1", "subject": "c1", "metrics": ["opens": 3, "sent": 9], "title": "Hello"],
      ],
      ["stream": "reports", "kind": "account", "subject": "a", "data": ["metrics": ["members": 7]]],
    ])
    #expect(
      table.header == [
        "stream", "kind", "subject", "at", "updatedAt", "metrics.members", "metrics.opens", "metrics.sent",
        "title",
      ])
    #expect(table.rows[0] == ["reports", "post", "c1", "t", "u", .null, 3, 9, "Hello"])
    // What it does not tell is no zero.
    #expect(table.rows[1] == ["reports", "account", "a", .null, .null, 7, .null, .null, .null])
  }
}
