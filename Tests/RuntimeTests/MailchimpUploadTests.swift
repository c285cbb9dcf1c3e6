import ConnectorModel
import FoundationEssentials
import Jobs
import Ports
import Sandbox
import Testing
import Vault

@testable import Runtime

/// Media from a caller's file to the platform's library: upload, job or call, base64 in JSON, curl and TLS.
@Suite(.serialized, .timeLimit(.minutes(2))) struct MailchimpUploadTests {
  private static let limit = 10 * 1024 * 1024
  private static let picture = MediaProbeTests.png(640, 480)
  /// A picture by its first bytes, and no text by the rest.
  private static func picture(_ size: Int) -> [UInt8] {
    var bytes = MediaProbeTests.png(640, 480)
    bytes.reserveCapacity(size)
    while bytes.count < size { bytes.append(UInt8(truncatingIfNeeded: bytes.count &* 31 >> 3)) }
    return bytes
  }
  private static func payload(_ upload: String, _ name: String = "header.png") -> JSONValue {
    ["action": "file.upload", "name": .string(name), "file": ["upload": .string(upload)]]
  }
  private static func digest(_ bytes: [UInt8]) -> String {
    let stream = SHA256Stream()
    stream.update(bytes)
    return stream.finish().hexadecimal
  }

  private func upload(_ bytes: [UInt8], to bench: ServiceBench) async throws -> Upload {
    let body = UploadBody { take in
      for start in stride(from: 0, to: bytes.count, by: 1 << 20) {
        try await take(Array(bytes[start..<min(bytes.count, start + 1 << 20)]))
      }
    }
    return try await bench.service.upload(body, by: bench.owner)
  }

  private func files(_ sandbox: RunningSandbox) throws -> [JSONValue] {
    try sandbox.state("mailchimp")["files"]?.elements ?? []
  }

  @Test(arguments: [picture.count, limit]) func publishedUploadIsOnThePlatformByteForByte(size: Int)
    async throws
  {
    try await ServiceBench.with { bench in
      let bytes = Self.picture(size)
      let connection = try await bench.connect()
      let kept = try await upload(bytes, to: bench)
      #expect(kept.blob.type == "image/png" && kept.blob.width == 640)
      var order = bench.order(connection)
      order.payload = Self.payload(kept.id)
      let job = try await bench.service.publish(order, by: bench.owner).job
      let detail = try await bench.job(job.id, after: "job.published")
      let stored = try #require(try files(bench.sandbox).first)
      #expect(try files(bench.sandbox).count == 1)
      #expect(stored["name"] == "header.png" && stored["size"] == .integer(Int64(size)))
      #expect(stored["sha256"]?.text == Self.digest(bytes))
      let result = try StableJSON.decode(JSONValue.self, from: try #require(detail.job.result))
      #expect(result["fileId"] == stored["id"] && result["reconciled"] == false)
    }
  }

  /// The platform stored the file, and nobody heard of it.
  @Test func uploadThatWasCutAfterItTookEffectIsFoundAgain() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      try bench.inject(
        #"{"method":"POST","path":"/3.0/file-manager/files","times":1,"do":{"reset":"after"}}"#)
      var order = bench.order(connection)
      order.payload = Self.payload(try await upload(Self.picture, to: bench).id)
      let job = try await bench.service.publish(order, by: bench.owner).job
      let detail = try await bench.job(job.id, after: "job.published")
      #expect(detail.attempts.count == 2)
      #expect(try files(bench.sandbox).count == 1)
    }
  }

  @Test func unfitMediaIsRefusedBeforeThereIsAJob() async throws {
    try await ServiceBench.with { bench in
      let connection = try await bench.connect()
      for (bytes, words) in [
        (Self.picture(Self.limit + 1), "has 10485761 bytes"), (Array("%PDF-1.7\n".utf8), "application/pdf"),
      ] {
        var order = bench.order(connection)
        order.payload = Self.payload(try await upload(bytes, to: bench).id)
        let error = await #expect(throws: ServiceError.self) {
          try await bench.service.publish(order, by: bench.owner)
        }
        #expect(error?.code == .invalidInput && error?.pointer == "/payload/file")
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
      }
      // The host reads reports meanwhile, which is nobody's upload.
      #expect(!bench.sandbox.requests().contains { $0.path.hasPrefix("/3.0/file-manager") })
    }
  }
}
