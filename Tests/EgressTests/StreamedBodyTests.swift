import ConnectorModel
import Manifest
import Ports
import Synchronization
import Testing

internal import struct Foundation.Data

@testable import Egress

#if canImport(Glibc)
  import Glibc
#endif

@Suite(.timeLimit(.minutes(10))) struct StreamedBodyTests {
  /// A file of `size` bytes that differ from place to place, removed by the caller.
  static func file(_ size: Int) throws -> (path: String, blob: StoredBlob) {
    let path = "/tmp/patchbay-body-\(UInt64.random(in: .min ... .max))"
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    try #require(file >= 0)
    let piece = [UInt8]((0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
    var left = size
    while left > 0 {
      let count = unsafe write(file, piece, min(left, piece.count))
      try #require(count > 0)
      left -= count
    }
    close(file)
    return (path, StoredBlob(.file(path), size: UInt64(size), type: "video/mp4", sha256: ""))
  }

  static func wired(_ payload: Payload, _ blobs: [UInt64: StoredBlob] = [:], seed: UInt64 = 1)
    throws
    -> RequestBody
  {
    try #require(try RequestBody(payload, blobs: OperationBlobs(blobs), seed: seed))
  }

  static func blob(_ bytes: [UInt8]) -> StoredBlob {
    StoredBlob(.bytes(bytes), size: UInt64(bytes.count), type: "image/png", sha256: "")
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 64, 1000]) func base64IsExactAcrossEveryBorderOfAPiece(
    _ limit: Int
  )
    throws
  {
    for size in 0...67 {
      let bytes = [UInt8]((0..<size).map { UInt8($0 &* 37 & 255) })
      var body = TransportBody()
      body.append(.init(Array("<".utf8)))
      body.append(.init(.bytes([9] + bytes + [9]), offset: 1, length: UInt64(size), isBase64: true))
      body.append(.init(Array(">".utf8)))
      let wanted = Array("<".utf8) + Array(Data(bytes).base64EncodedData()) + Array(">".utf8)
      #expect(body.count == UInt64(wanted.count))
      var reader = try TransportBodyReader(body)
      var read: [UInt8] = []
      while true {
        let piece = try reader.read(upTo: limit)
        if piece.isEmpty { break }
        read += piece
      }
      #expect(read == wanted)
      for place in 0...wanted.count {
        let isThere = reader.seek(to: UInt64(place))
        #expect(isThere)
        let rest = try reader.read(upTo: wanted.count)
        #expect(
          rest.elementsEqual(wanted[place...].prefix(rest.count))
            && (place == wanted.count) == rest.isEmpty)
      }
      let isBeyond = reader.seek(to: UInt64(wanted.count) + 1)
      #expect(!isBeyond)
    }
  }

  @Test func aFormIsWrittenAsItsRFCWants() throws {
    let parts: [PayloadPart] = [
      .field("title", "Hi"),
      .file(
        "file", filename: "a\"\r\n.png",
        .blob(BlobRange(blob: 1, offset: 1, length: 3), contentType: "image/png")),
      PayloadPart(name: "meta", body: .json(Array("{}".utf8))),
    ]
    let body = try Self.wired(.multipart(parts), [1: Self.blob([0, 65, 66, 67, 0])])
    let boundary = body.contentType.dropFirst("multipart/form-data; boundary=".count)
    let text = String(decoding: try body.wire.wireBytes(), as: UTF8.self)
    #expect(
      text == """
        --\(boundary)\r\nContent-Disposition: form-data; name="title"\r\nContent-Type: text/plain\r\n\r\nHi\r
        --\(boundary)\r\nContent-Disposition: form-data; name="file"; filename="a%22%0D%0A.png"\r\nContent-Type: image/png\r\n\r\nABC\r
        --\(boundary)\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{}\r
        --\(boundary)--\r\n
        """)
    #expect(body.wire.count == UInt64(text.utf8.count))
  }

  @Test func aBoundaryIsTheOperationsOwnAndStandsInNoPart() throws {
    let parts: [PayloadPart] = [.field("a", "b")]
    let first = try Self.wired(.multipart(parts), seed: 7)
    #expect(try Self.wired(.multipart(parts), seed: 7) == first)
    #expect(try Self.wired(.multipart(parts), seed: 8).contentType != first.contentType)
    let boundary = String(first.contentType.dropFirst("multipart/form-data; boundary=".count))
    let hostile: [PayloadPart] = [.field("a", "x\r\n--\(boundary)--\r\n")]
    let other = try Self.wired(.multipart(hostile), seed: 7)
    #expect(other.contentType != first.contentType)
  }

  @Test func aBlobThatIsNotThereIsRefusedBeforeAnythingIsSent() async throws {
    let stage = Stage([])
    for range in [
      BlobRange(blob: 9, offset: 0, length: 0), BlobRange(blob: 1, offset: 3, length: 3),
      BlobRange(blob: 1, offset: .max, length: 1),
    ] {
      var request = Stage.post()
      request.body = .blob(range, contentType: "image/png")
      var scope = stage.scope
      scope.blobs = OperationBlobs([1: Self.blob([1, 2, 3, 4, 5])])
      var other = stage
      other.scope = scope
      let performed = await other.perform(request)
      #expect(performed.answer.outcome == .invalidInput)
    }
    #expect(stage.transport.sent.isEmpty)
  }

  @Test func aHandleIsFoundWhereTwoPartsMeet() throws {
    let body = try Self.wired(
      .concatenation(
        [
          .text("x pbh_"), .text("abc"),
          PayloadPart(body: .bytes(Array("pbh_z".utf8), contentType: ""), base64: true),
        ], contentType: "text/plain"))
    let texts = body.inlineTexts.map { String(decoding: $0, as: UTF8.self) }
    #expect(texts == ["x pbh_abc", "pbh_z"])
  }

  @Test func aFileGoesOutWholeWithItsLength() async throws {
    let (path, blob) = try Self.file(300_001)
    defer { unsafe unlink(path) }
    var body = TransportBody()
    body.append(.init(Array("{\"file\":\"".utf8)))
    body.append(.init(blob.content, offset: 0, length: blob.size, isBase64: true))
    body.append(.init(Array("\"}".utf8)))
    let wanted = try body.wireBytes()
    let server = try BodyCountingServer()
    defer { server.stop() }
    let wire = try Wire(port: server.port)
    var request = Wire.request("POST")
    request.body = body
    let result = await wire.send(request)
    #expect(result.answer?.status == 200)
    #expect(server.seen.length == wanted.count && server.seen.sum == BodyCountingServer.sum(wanted))
    #expect(server.seen.head.lowercased().contains("content-length: \(wanted.count)\r\n"))
    #expect(!server.seen.head.lowercased().contains("transfer-encoding"))
    await wire.transport.shutdown()
  }

  @Test func aFileThatIsGoneIsFoundBeforeAnythingIsSent() async throws {
    let wire = try Wire(port: 1)
    var request = Wire.request("POST")
    request.body = TransportBody()
    request.body?.append(.init(.file("/tmp/patchbay-no-such-file"), offset: 0, length: 1))
    let failure = await wire.send(request).failure
    #expect(failure?.requestMayHaveLeft == false)
    await wire.transport.shutdown()
  }
}

/// Reads one request after the other and remembers of each how long its body was, not the body.
final class BodyCountingServer: Sendable {
  struct Seen { var head = "", length = 0, sum: UInt64 = 0 }

  private let state = Mutex(Seen())
  private let listener: Int32
  let port: UInt16
  var seen: Seen { state.withLock { $0 } }

  static func sum(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 &* 31 &+ UInt64($1) }
  }

  init() throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(listener, pointer, length) | listen(listener, 8)
          | getsockname(listener, pointer, &length)
      }
    }
    try #require(code == 0)
    port = UInt16(bigEndian: address.sin_port)
    NamedThread.start("body-server") { [weak self] in
      while true {
        let accepted = accept(listener, nil, nil)
        guard accepted >= 0 else { return }
        while self?.serve(accepted) == true {}
        close(accepted)
      }
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func serve(_ socket: Int32) -> Bool {
    var seen = Seen()
    var head: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    var expected: Int?
    while expected.map({ seen.length < $0 }) ?? true {
      let count = unsafe recv(socket, &chunk, chunk.count, 0)
      guard count > 0 else { return false }
      var body = chunk[..<count]
      if expected == nil {
        head += body
        guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else { continue }
        seen.head = String(decoding: head[..<end.upperBound], as: UTF8.self)
        body = head[end.upperBound...]
        expected =
          seen.head.lowercased().firstMatch(of: #/content-length: (\d+)/#).flatMap { Int($0.1) }
          ?? 0
      }
      seen.length += body.count
      // Summing large bodies byte by byte would take longer than sending them.
      if (expected ?? 0) < 1 << 20 { seen.sum = body.reduce(seen.sum) { $0 &* 31 &+ UInt64($1) } }
    }
    state.withLock { $0 = seen }
    let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8)
    return unsafe send(socket, answer, answer.count, Int32(MSG_NOSIGNAL)) == answer.count
  }
}
