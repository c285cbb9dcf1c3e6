import ConnectorModel
import Ports
import Testing

@testable import Conformance

/// What two runs are compared by: moments, places of values, invented media.
@Suite struct InstantTests {
  @Test(arguments: [
    ("2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00Z"),
    ("2026-12-31T23:45:00-05:00", "2027-01-01T04:45:00z"),
    ("2028-02-29T23:59:59.999Z", "2028-02-29T23:59:59Z"), ("2026-07-01T00:00:00+0530", "2026-06-30T18:30Z"),
  ])
  func oneMomentHasManyTexts(text: String, other: String) throws {
    #expect(try #require(Instant(text)) == #require(Instant(other)))
  }

  @Test func momentsAreCountedFrom1970() {
    #expect(Instant("1970-01-01T00:00:00Z")?.seconds == 0)
    #expect(Instant("2028-02-29T00:00:00Z")?.seconds == 1_835_395_200)
    #expect(Instant("2100-03-01T00:00:00Z")?.seconds == 4_107_542_400)
  }

  @Test(arguments: [
    "", "2026-03-29", "2026-03-29T02:30:00", "2026-13-01T00:00:00Z", "2026-03-29T02:30:00+1",
    "no moment at all",
  ])
  func textWithoutAZoneIsNoMoment(text: String) { #expect(Instant(text) == nil) }

  @Test func secondsAndMillisecondsAreToldApart() {
    #expect(
      Instant(.integer(1_772_356_500), at: "/planned_at") == Instant(.integer(1_772_356_500_000), at: "/time")
    )
    #expect(Instant(.integer(1_772_356_500), at: "/list_id") == nil)
    #expect(Instant(.integer(17), at: "/time") == nil)
  }

  @Test func leafIsReplacedWhereItStands() {
    let value: JSONValue = ["a": [1, ["b": "x"]], "b": "x"]
    #expect(ValuePlaces.leaves(of: value).map(\.pointer) == ["/a/0", "/a/1/b", "/b"])
    #expect(ValuePlaces.replacing("/a/1/b", in: value, by: "y") == ["a": [1, ["b": "y"]], "b": "x"])
  }

  @Test func mediaAreAsLongAsTheInputSays() {
    let input = Array(#"{"files":[{"$blob":1,"size":5,"type":"image/png"},{"$blob":2,"size":0}]}"#.utf8)
    #expect(InventedMedia.sizes(in: input) == [1: 5, 2: 0])
    #expect(InventedMedia.blobs(in: input)[1]?.type == "image/png")
    #expect(InventedMedia.sizes(in: InventedMedia.resized(input, to: 9)) == [1: 9, 2: 9])
  }
}
