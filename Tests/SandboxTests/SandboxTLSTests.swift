import Foundation
import TestTools
import Testing

@testable import Sandbox

/// The TLS listener, seen by OpenSSL's own client with the sandbox's authority as the only one it trusts.
@Suite(.offThePool) struct SandboxTLSTests {
  /// Sends one request as `host` would get it, the name verified, and reads to the end of the connection.
  private func exchange(
    _ sandbox: TestSandbox, host: String, path: String, headers: String = ""
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "timeout", "20", "openssl", "s_client", "-quiet", "-connect", "127.0.0.1:\(sandbox.running.tlsPort)",
      "-servername", host, "-CAfile", sandbox.running.certificateAuthorityPath, "-no-CApath", "-no-CAstore",
      "-verify_return_error", "-verify_hostname", host, "-alpn", "http/1.1",
    ]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let request =
      "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nAuthorization: Bearer sandbox-us19\r\n"
      + "\(headers)Connection: close\r\n\r\n"
    try input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test func realHostNamesAreVerifiedAndRouted() async throws {
    let sandbox = try await TestSandbox.start()
    for host in ["us19.api.mailchimp.com", "api.mailchimp.com"] {
      let answer = try exchange(sandbox, host: host, path: "/3.0/ping")
      #expect(answer.status == 0, "\(answer.output)")
      #expect(answer.output.contains("Everything's Chimpy!"), "\(answer.output)")
    }
    let login = try exchange(sandbox, host: "login.mailchimp.com", path: "/oauth2/metadata")
    #expect(login.output.contains(#"{"error":"invalid_token"}"#), "\(login.output)")
    let reserved = try exchange(sandbox, host: "graph.facebook.com", path: "/v25.0/me")
    #expect(reserved.output.contains("HTTP/1.1 501"), "\(reserved.output)")
    #expect(sandbox.running.requests().map(\.host).first == "us19.api.mailchimp.com")
    await sandbox.stop()
  }

  @Test func certificateIsForNoOtherName() async throws {
    let sandbox = try await TestSandbox.start()
    let answer = try exchange(sandbox, host: "api.example.org", path: "/3.0/ping")
    #expect(answer.status != 0)
    #expect(!answer.output.contains("HTTP/1.1"))
    await sandbox.stop()
  }

  @Test func controlIsForThePlainListenerAlone() async throws {
    let sandbox = try await TestSandbox.start()
    let answer = try exchange(sandbox, host: "us19.api.mailchimp.com", path: "/_sandbox/requests")
    #expect(answer.output.contains("HTTP/1.1 404"), "\(answer.output)")
    await sandbox.stop()
  }

  @Test func cutsHitTheSocketBelowTLS() async throws {
    let sandbox = try await TestSandbox.start()
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .truncate(afterBodyBytes: 4)))
    let truncated = try exchange(sandbox, host: "us19.api.mailchimp.com", path: "/3.0/ping")
    #expect(truncated.output.contains("\r\n\r\n{\"he"), "\(truncated.output)")
    #expect(truncated.output.contains("unexpected eof"), "no close alert: \(truncated.output)")
    sandbox.running.inject(SandboxFault(path: "/3.0/ping", effect: .reset(.before)))
    let reset = try exchange(sandbox, host: "us19.api.mailchimp.com", path: "/3.0/ping")
    #expect(!reset.output.contains("HTTP/1.1"), "\(reset.output)")
    #expect(reset.output.contains("errno=104"), "\(reset.output)")
    await sandbox.stop()
  }

  @Test func secondStartReusesTheAuthority() async throws {
    let first = try await TestSandbox.start()
    let authority = try Data(contentsOf: URL(filePath: first.running.certificateAuthorityPath))
    await first.running.stop()
    let again = try await Sandbox.start(SandboxOptions(stateDirectory: first.directory))
    #expect(again.certificateAuthorityPath == first.directory + "/sandbox-ca.pem")
    #expect(try Data(contentsOf: URL(filePath: again.certificateAuthorityPath)) == authority)
    #expect(again.readyLine.tls == "https://127.0.0.1:\(again.tlsPort)")
    await again.stop()
    await first.stop()
  }
}
