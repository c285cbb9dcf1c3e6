import Testing

@testable import Vault

@Suite struct SealedPlaceTests {
  @Test func noTwoPlacesReadAlike() {
    let zeros = "\0\0\0\0"
    let places: [SealedPlace] = [
      .dataKey(tenant: "a"), .row(tenant: "a", context: ""), .row(tenant: "a", context: "b"),
      .secret(tenant: "a", connection: "b", field: "c"), .secret(tenant: "ab", connection: "", field: "c"),
      .secret(tenant: "a", connection: "bc", field: ""), .secret(tenant: "", connection: "ab", field: "c"),
      .secret(tenant: "a", connection: "b\(zeros)b", field: "c"),
      .secret(tenant: "a", connection: "b", field: "b\(zeros)c"),
      .row(tenant: "a", context: "b\(zeros)c"), .row(tenant: "a\(zeros)b", context: "c"),
    ]
    #expect(Set(places.map { $0.associatedData(version: 1) }).count == places.count)
    #expect(places[0].associatedData(version: 1) != places[0].associatedData(version: 2))
  }

  @Test func associatedDataIsWhatIsStoredForEver() {
    #expect(
      SealedPlace.secret(tenant: "t", connection: "co", field: "key").associatedData(version: 1)
        == [0, 0, 0, 1, 1] + [0, 0, 0, 6] + Array("secret".utf8) + [0, 0, 0, 1] + Array("t".utf8)
        + [0, 0, 0, 2] + Array("co".utf8) + [0, 0, 0, 3] + Array("key".utf8))
  }
}
