import ConnectorModel
import Ports
import Testing

@testable import Egress

@Suite struct TransferRecordTests {
  private func record(body: Int = 10, headers: Int = 1000) -> TransferRecord {
    TransferRecord(maximumBody: body, maximumHeaders: headers, addresses: AddressPolicy())
  }

  private func failure(_ code: UInt32, _ record: TransferRecord) -> TransportFailure {
    CurlCode(number: code).failure(record, place: "https://a.example")
  }

  @Test func aRequestLeavesOnceWhateverLibcurlLikes() {
    var write = record()
    #expect(write.mayBegin() == true)
    #expect(write.mayBegin() == false)
    #expect(failure(42, write).kind == .reset)
    #expect(failure(42, write).requestMayHaveLeft)
  }

  @Test func aRefusedStreamProvesThatNothingWasDone() {
    var write = record()
    _ = write.mayBegin()
    write.noteRefusedStream()
    _ = write.mayBegin()
    #expect(failure(42, write).kind == .refusedStream)
    #expect(!failure(42, write).requestMayHaveLeft)
  }

  @Test(
    arguments: [
      (6, TransportFailure.Kind.resolve), (7, .connect), (28, .timeout), (35, .connect), (60, .tls),
      (77, .tls),
      (27, .other),
    ] as [(UInt32, TransportFailure.Kind)])
  func whatNeverBeganNeverLeft(_ code: UInt32, _ kind: TransportFailure.Kind) {
    #expect(failure(code, record()).kind == kind)
    #expect(!failure(code, record()).requestMayHaveLeft)
  }

  @Test(
    arguments: [
      (28, TransportFailure.Kind.timeout), (52, .reset), (55, .reset), (56, .reset), (92, .reset),
      (18, .reset),
      (61, .malformed), (8, .malformed), (1, .malformed), (23, .malformed),
    ] as [(UInt32, TransportFailure.Kind)])
  func whatBeganMayHaveLeft(_ code: UInt32, _ kind: TransportFailure.Kind) {
    var record = record()
    _ = record.mayBegin()
    #expect(failure(code, record).kind == kind)
    #expect(failure(code, record).requestMayHaveLeft)
  }

  /// As RFC 9110 wants it: nobody who copies a value into a request must end a line with it.
  @Test func whatNoFieldMayHoldBecomesASpaceAndAFieldHasAName() {
    var record = record()
    _ = record.add("HTTP/1.1 200 OK\r\n")
    _ = record.add(" : no name\r\n")
    _ = record.add("X-A\rB:\ra\rb\u{0}c\r\r\n")
    #expect(record.headers == [HeaderField("x-a b", "a b c")])
  }

  @Test func aConnectionThatBreaksInsideTheAnswerTruncatesIt() {
    var record = record()
    _ = record.mayBegin()
    _ = record.add("HTTP/1.1 200 OK\r\n")
    #expect(failure(56, record).kind == .truncated)
    #expect(failure(18, record).kind == .truncated)
    #expect(failure(0, record).kind == .truncated)
    record.noteError("Malformed encoding found in chunked-encoding")
    #expect(failure(56, record).kind == .malformed)
  }

  @Test func refusedAddressesAreToldFromFailedConnections() {
    var record = record()
    #expect(record.mayConnect(to: SocketAddress("127.0.0.1", port: 80)) == false)
    #expect(record.mayConnect(to: nil) == false)
    #expect(record.mayConnect(to: SocketAddress("8.8.8.8", port: 80)) == true)
    #expect(failure(7, record).kind == .refusedAddress)
  }

  @Test func bodiesAndHeadersHaveACap() {
    var record = record(body: 10, headers: 20)
    #expect(record.admitBody(10) == true)
    #expect(record.admitBody(11) == false)
    #expect(failure(23, record).kind == .tooLarge)
    var long = self.record(headers: 20)
    #expect(long.add("HTTP/1.1 200 OK\r\n") == true)
    #expect(long.add("X: 123456\r\n") == false)
    #expect(failure(23, long).kind == .tooLarge)
  }

  @Test func onlyTheLastHeadCountsAndTrailersAreDropped() {
    var record = record()
    let lines = [
      "HTTP/1.1 103 Early Hints\r\n", "Link: x\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "X-A:  b c \r\n",
      "x-a: d\r\n",
      "Empty:\r\n", "\r\n", "Trailer: t\r\n",
    ]
    for line in lines { #expect(record.add(line) == true) }
    #expect(record.headers == [HeaderField("x-a", "b c"), HeaderField("x-a", "d"), HeaderField("empty", "")])
  }
}

extension TransferRecord {
  fileprivate mutating func add(_ line: String) -> Bool {
    let bytes = Array(line.utf8)
    return addHeader(bytes.span)
  }
}
