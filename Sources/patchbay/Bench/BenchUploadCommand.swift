internal import ArgumentParser
internal import ConnectorModel
internal import Egress
internal import Manifest
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay bench upload`: large bodies through the host's edge, and how much memory they take.
struct BenchUploadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upload",
    abstract:
      "Sends a large file to a server on loopback in three ways, and tells speed and peak memory.",
    discussion: """
      The file goes out whole, as part of a form, and as base64 inside JSON. Server and host are this
      process, so the peak is that of both; the server keeps nothing of what it reads.
      """)

  @Option(name: .long, help: "MiB of the file.") var mebibytes = 1024
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human

  /// One way of sending it.
  private struct Line: Encodable {
    let way: String
    let bytes: Int
    let mebibytesPerSecond: Int
    let peakMiBBefore: Double
    let peakMiBAfter: Double
  }

  func validate() throws {
    guard (1...4096).contains(mebibytes) else {
      throw ValidationError("--mebibytes takes 1 to 4096")
    }
  }

  func run() async throws {
    let size = mebibytes
    let path = try await NamedThread.run("bench") { try Self.makeFile(ofMebibytes: size) }
    defer { try? FileManager.default.removeItem(atPath: path) }
    let sink = try LoopbackSink()
    defer { sink.stop() }
    let transport = try CurlTransport(
      options: TransportOptions(connectTo: [
        ConnectMapping(address: "127.0.0.1", addressPort: sink.port)
      ]))
    let lines = try await measure(path, sink, transport)
    await transport.shutdown()
    switch format {
    case .json: try Output.json(lines)
    case .human:
      for line in lines {
        Output.line(
          "\(line.way): \(line.bytes) bytes, \(line.mebibytesPerSecond) MiB/s, peak memory \(line.peakMiBBefore) MiB"
            + " before and \(line.peakMiBAfter) MiB after")
      }
    }
  }

  private func measure(_ path: String, _ sink: LoopbackSink, _ transport: CurlTransport)
    async throws -> [Line]
  {
    let size = UInt64(mebibytes) << 20
    let blob = StoredBlob(.file(path), size: size, type: "video/mp4", sha256: "")
    let range = BlobRange(blob: 1, offset: 0, length: size)
    let body = PayloadPart.Body.blob(range, contentType: blob.type)
    let json = PayloadPart(body: body, base64: true)
    let ways: [(String, Payload)] = [
      ("whole", .blob(range, contentType: blob.type)),
      (
        "in a form",
        .multipart([.field("title", "Film"), .file("file", filename: "film.mp4", body)])
      ),
      (
        "base64 in JSON",
        .concatenation(
          [.text(#"{"file_data":""#), json, .text(#""}"#)], contentType: "application/json")
      ),
    ]
    let egress = Egress(
      manifest: Self.manifest, tokens: NoTokens(), transport: transport, clock: SystemClock(),
      seed: 1)
    // What every first transfer costs.
    _ = try await send(.json(Array("{}".utf8)), blob, egress, sink)
    var lines: [Line] = []
    for (way, payload) in ways {
      ProcessPeak.reset()
      let before = ProcessPeak.mebibytes
      let began = ContinuousClock.now
      let bytes = try await send(payload, blob, egress, sink)
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      lines.append(
        Line(
          way: way, bytes: bytes, mebibytesPerSecond: Int(Double(bytes) / 1_048_576 / seconds),
          peakMiBBefore: before, peakMiBAfter: ProcessPeak.mebibytes))
    }
    return lines
  }

  /// Bytes of the body as the server counted them.
  private func send(_ payload: Payload, _ blob: StoredBlob, _ egress: Egress, _ sink: LoopbackSink)
    async throws -> Int
  {
    let clock = SystemClock()
    let scope = OperationScope(
      operation: "bench", connection: Connection(id: "con_bench"),
      deadline: clock.unixNanoseconds + 3600 * 1_000_000_000, blobs: OperationBlobs([1: blob]))
    let request = HTTPRequest(method: "POST", url: "/upload", endpoint: "bench", body: payload)
    let performed = await withCheckedContinuation { waiter in
      _ = egress.perform(request, for: scope) { waiter.resume(returning: $0) }
    }
    guard performed.answer.outcome == .ok else {
      throw CommandFailure(sentence: "the upload failed: \(performed.answer.message)")
    }
    return sink.lastLength
  }

  private static var manifest: Manifest {
    var limits = Limits.standard
    limits.timeout = .seconds(3600)
    return Manifest(
      id: "bench",
      endpoints: [
        "bench": Manifest.Endpoint(
          bases: ["http://upload.bench.example"], methods: ["POST"], allowsAnonymous: true)
      ], limits: limits)
  }

  /// Bytes that differ from place to place, so that nothing is compressed or shared.
  private static func makeFile(ofMebibytes count: Int) throws -> String {
    let folder = FileManager.default.temporaryDirectory.path
    let writer = BlobWriter(in: folder, limit: .max, digest: NoDigest())
    var random = SplitMix64(seed: 1)
    var piece: [UInt8] = []
    while piece.count < 1 << 20 {
      let word = random.next()
      for shift in stride(from: 0, to: 64, by: 8) {
        piece.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    for _ in 0..<count { try writer.write(piece) }
    let path = try writer.finish().path
    // The writer would take its file along.
    let kept = path + ".bench"
    try FileManager.default.moveItem(atPath: path, toPath: kept)
    return kept
  }
}

private struct NoDigest: StreamingDigest {
  func update(_ bytes: [UInt8]) {}
  func finish() -> [UInt8] { [] }
}

private struct NoTokens: TokenSource {
  func token(connection: String, profile: String) async throws(TokenFailure) -> Token {
    throw TokenFailure("the bench has no accounts", isTransient: false)
  }
  func refresh(connection: String, profile: String, after generation: UInt64)
    async throws(TokenFailure) -> Token?
  {
    nil
  }
}
