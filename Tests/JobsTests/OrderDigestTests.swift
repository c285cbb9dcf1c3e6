import ConnectorModel
import Testing

@testable import Jobs

@Suite struct OrderDigestTests {
  @Test func digestIsTakenOverOneCanonicalObject() throws {
    let payload = Array(#"{"a":1,"b":[true,null]}"#.utf8)
    for time in [nil, UInt64(1_767_225_600)] {
      let bytes = OrderDigest.make(payload: payload, scheduledFor: time, hash: { $0 })
      let value = try StableJSON.decode(JSONValue.self, from: bytes)
      #expect(try StableJSON.encode(value) == bytes)
      #expect(value["payload"]?["a"] == .integer(1))
      #expect(value["scheduledFor"] == (time == nil ? .null : .integer(1_767_225_600)))
    }
  }

  @Test func anotherPayloadOrTimeIsAnotherDigest() {
    let digests = [
      OrderDigest.make(payload: [49], scheduledFor: nil, hash: { $0 }),
      OrderDigest.make(payload: [49], scheduledFor: 0, hash: { $0 }),
      OrderDigest.make(payload: [50], scheduledFor: nil, hash: { $0 }),
      OrderDigest.make(payload: [49], scheduledFor: .max, hash: { $0 }),
    ]
    #expect(Set(digests).count == 4)
  }
}
