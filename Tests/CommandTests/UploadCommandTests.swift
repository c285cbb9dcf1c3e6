import Foundation
import TestTools
import Testing

/// Files of an operator's own, on their way to a platform.
@Suite(.offThePool, .serialized, .timeLimit(.minutes(2))) struct UploadCommandTests {
  private static let limit = 10 * 1024 * 1024
  private static let example = "manifests/examples/mailchimp/file-upload-own.json"
  /// The head of a PNG of 2 by 3 pixels, and what makes it as long as wanted.
  private static func picture(_ size: Int = 5_000) -> Data {
    let head: [UInt8] = [
      0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0,
      0, 3,
    ]
    return Data(head + (head.count..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
  }
  private static let unfit = [
    (picture(limit + 1), "has 10485761 bytes; allowed are at most 10485760"),
    (Data("%PDF-1.7\n".utf8), "is application/pdf; allowed is image/*"),
  ]

  private func file(_ bytes: Data, in program: Program) throws -> String {
    let file = program.state.appending(path: "\(UUID().uuidString).png")
    try bytes.write(to: file)
    return file.path
  }

  /// What the platform has stored, taken from where it serves it.
  private func stored(
    _ program: Program, _ sandbox: (process: Process, tls: String, authority: String, http: String)
  ) throws -> [Data] {
    let state = program.state.appending(path: "files.json").path
    #expect(try ServedHost.curl("-f", "-o", state, sandbox.http + "/_sandbox/state/mailchimp").code == 0)
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: state)))
    let files = try #require((value as? [String: Any])?["files"] as? [[String: Any]])
    let address = sandbox.tls.replacing("https://", with: "")
    return try files.map { file in
      let url = try #require(file["full_size_url"] as? String)
      let picture = program.state.appending(path: UUID().uuidString).path
      let loaded = try ServedHost.curl(
        "-f", "-o", picture, "--cacert", sandbox.authority, "--connect-to", "::\(address)", url)
      #expect(loaded.code == 0, "\(loaded.printed)")
      return try Data(contentsOf: URL(filePath: picture))
    }
  }

  @Test(.enabled(if: Tool(named: "curl") != nil || requiresAll, "curl is missing"))
  func calledUploadIsOnThePlatformByteForByte() throws {
    let program = try Program()
    defer { program.remove() }
    let sandbox = try program.sandbox()
    defer { sandbox.process.terminate() }
    let call = [
      "call", "mailchimp", "file.upload", "--input", Self.example, "--key", "sandbox-us19", "--sandbox",
      sandbox.tls, "--sandbox-ca", sandbox.authority,
    ]
    let result = try program.run(call + ["--upload", "picture=" + file(Self.picture(), in: program)])
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    let made = try #require(result.json["result"] as? [String: Any])
    #expect(made["size"] as? Int == 5_000 && made["width"] as? Int == 2 && made["height"] as? Int == 3)
    #expect(try stored(program, sandbox) == [Self.picture()])

    for (bytes, words) in Self.unfit {
      let refused = try program.run(call + ["--upload", "picture=" + file(bytes, in: program)])
      #expect(refused.status == 1)
      let error = try #require(refused.json["error"] as? [String: Any])
      #expect(error["code"] as? String == "invalid_input" && error["pointer"] as? String == "/file")
      #expect((error["message"] as? String)?.contains(words) == true, "\(error)")
      #expect(refused.json["requests"] as? Int == 0)
    }
    let nameless = try program.run(call)
    #expect(nameless.output.contains("--upload picture=FILE"))
    #expect(try stored(program, sandbox).count == 1)
  }

  @Test(.enabled(if: Tool(named: "curl") != nil || requiresAll, "curl is missing"))
  func publishedUploadIsOnThePlatformByteForByte() throws {
    let program = try Program()
    defer { program.remove() }
    let sandbox = try program.sandbox()
    defer { sandbox.process.terminate() }
    let host = try ServedHost.start(
      program, sandbox: ["--sandbox", sandbox.tls, "--sandbox-ca", sandbox.authority])
    defer { if host.process.isRunning { host.kill() } }
    let id = try host.connect()
    let whole = Self.picture(Self.limit)
    let text = try String(contentsOf: Program.checkout.appending(path: Self.example), encoding: .utf8)
    let payload = try program.file(
      text.replacing("{\n  \"name\"", with: "{\"action\":\"file.upload\",\"name\""))
    let published = try host.run(
      "publish", id, "--input", payload, "--upload", "picture=\(try file(whole, in: program))", "--wait",
      "--format", "json")
    #expect(published.status == 0, "\(published.output) \(published.errors)")
    #expect(try stored(program, sandbox) == [whole])

    for (bytes, words) in Self.unfit {
      let refused = try ask(host, id, upload: try upload(try file(bytes, in: program), to: host))
      #expect(refused["code"] as? String == "invalid_input", "\(refused)")
      #expect(refused["pointer"] as? String == "/payload/file")
      #expect((refused["detail"] as? String)?.contains(words) == true, "\(refused)")
    }
    let unknown = try ask(host, id, upload: "upl_missing")
    #expect(unknown["pointer"] as? String == "/payload/file")
    #expect(try stored(program, sandbox).count == 1)
    #expect(host.terminate() == 0)
  }

  private func upload(_ path: String, to host: ServedHost) throws -> String {
    let answer = try ServedHost.curl(
      "-H", "Authorization: Bearer \(host.key)", "-H", "Content-Type: application/octet-stream",
      "--data-binary", "@\(path)", host.url + "/api/uploads")
    let upload = try JSONSerialization.jsonObject(with: Data(answer.printed.utf8)) as? [String: Any]
    return try #require(upload?["uploadId"] as? String, "\(answer.printed)")
  }

  /// What the API says to an order that names this upload.
  private func ask(_ host: ServedHost, _ id: String, upload: String) throws -> [String: Any] {
    let order =
      #"{"connectionId":"\#(id)","idempotencyKey":"k-\#(upload)","payload":"#
      + #"{"action":"file.upload","name":"a.png","file":{"upload":"\#(upload)"}}}"#
    let answer = try ServedHost.curl(
      "-H", "Authorization: Bearer \(host.key)", "-H", "Content-Type: application/json", "-d", order,
      host.url + "/api/publish")
    return try #require(JSONSerialization.jsonObject(with: Data(answer.printed.utf8)) as? [String: Any])
  }
}
