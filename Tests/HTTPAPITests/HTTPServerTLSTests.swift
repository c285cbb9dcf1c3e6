import HTTPAPI
import Ports
import TestTools
import Testing

/// TLS, seen by Python's client with the development authority as the only one it trusts.
@Suite(.offThePool, .enabled(if: Tool(named: "python3") != nil || requiresAll, "python3 is missing"))
struct HTTPServerTLSTests {
  private static let script = """
    import http.client, ssl, sys
    context = ssl.create_default_context(cafile=sys.argv[2])
    context.set_alpn_protocols(["http/1.1"])
    connection = http.client.HTTPSConnection(sys.argv[3], int(sys.argv[1]), context=context, timeout=20)
    for _ in range(2):
        connection.request("GET", "/ping")
        print(connection.sock.version(), connection.sock.selected_alpn_protocol(), connection.getresponse().read())
    """

  private func ping(_ server: TestServer, authority: String, name: String = "localhost") async throws -> (
    code: Int32, printed: String
  ) {
    let python = try #require(Tool(named: "python3"))
    let scratch = ScratchDirectory()
    let port = "\(server.address.port)"
    return try await NamedThread.run("python") {
      python.run(["-c", Self.script, port, authority, name], output: scratch.file("output"))
    }
  }

  @Test func developmentCertificateIsVerifiedByItsAuthority() async throws {
    let scratch = ScratchDirectory()
    let server = try await TestServer.start(tls: .development(directory: scratch.file("tls")))
    #expect(server.address.url == "https://localhost:\(server.address.port)")
    let authority = try #require(server.address.authorityPath)
    for name in ["localhost", "127.0.0.1"] {
      let result = try await ping(server, authority: authority, name: name)
      #expect(result.code == 0, "\(result.printed)")
      #expect(
        result.printed.matches(of: /TLSv1\.3 http\/1\.1 b'\{"isAlive":true\}'/).count == 2,
        "\(result.printed)")
    }
    try await server.stop()
  }

  @Test func otherAuthoritiesDoNotVerifyIt() async throws {
    let scratch = ScratchDirectory()
    let server = try await TestServer.start(tls: .development(directory: scratch.file("one")))
    let other = try await TestServer.start(tls: .development(directory: scratch.file("two")))
    let result = try await ping(server, authority: try #require(other.address.authorityPath))
    #expect(result.code != 0)
    #expect(result.printed.contains("CERTIFICATE_VERIFY_FAILED"))
    try await server.stop()
    try await other.stop()
  }

  @Test func ownCertificatesAreServed() async throws {
    let scratch = ScratchDirectory()
    let first = try await TestServer.start(tls: .development(directory: scratch.file("tls")))
    let authority = try #require(first.address.authorityPath)
    try await first.stop()
    let server = try await TestServer.start(
      tls: .files(
        certificate: scratch.file("tls/patchbay.pem"), key: scratch.file("tls/patchbay-key.pem")))
    #expect(server.address.authorityPath == nil)
    #expect(try await ping(server, authority: authority).code == 0)
    try await server.stop()
  }

  @Test func certificatesThatCannotBeUsedAreReportedAtStart() async throws {
    let scratch = ScratchDirectory()
    let path = scratch.write(Array("no certificate".utf8), to: "broken.pem")
    for path in [path, scratch.file("missing.pem")] {
      let server = HTTPServer(
        options: HTTPServerOptions(port: 0, tls: .files(certificate: path, key: path)),
        service: ScriptedService())
      let error = await #expect(throws: HTTPServerError.self) { try await server.run() }
      #expect(error.map { "\($0)" }?.hasPrefix("the certificate of the HTTP API cannot be used") == true)
    }
  }

  @Test func plainRequestsOnTLSAreNotAnswered() async throws {
    let scratch = ScratchDirectory()
    let server = try await TestServer.start(tls: .development(directory: scratch.file("tls")))
    let answer = try await server.exchange("GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(!answer.text.contains("HTTP/1.1"))
    try await server.stop()
  }
}
