import DevelopmentCertificates
import Foundation
import Testing

@Suite struct DevelopmentCertificatesTests {
  let scratch = ScratchDirectory()

  static let hasPython = (try? Self.run("python3", ["--version"]))?.status == 0

  @Test func leafVerifiesAgainstItsAuthorityForEachName() throws {
    let certificates = DevelopmentCertificates(directory: scratch.path + "/tls", name: "sandbox")
    let authority = try certificates.authority()
    let leaf = try certificates.leaf(names: ["*.api.mailchimp.com", "localhost", "127.0.0.1", "::1"])
    for check in [
      ["-verify_hostname", "us19.api.mailchimp.com"], ["-verify_hostname", "localhost"],
      ["-verify_ip", "127.0.0.1"], ["-verify_ip", "::1"],
    ] {
      let arguments =
        ["verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", authority.certificatePath] + check
      let verdict = try openssl(arguments + [leaf.certificatePath])
      #expect(verdict.status == 0, "\(check): \(verdict.output)")
    }
    let stranger = try openssl([
      "verify", "-CAfile", authority.certificatePath, "-verify_hostname", "example.org", leaf.certificatePath,
    ])
    #expect(stranger.status != 0)
  }

  /// What a client does: Python's `ssl` on both ends, in memory.
  @Test(.enabled(if: hasPython, "python3 is not on the PATH"), arguments: ["localhost", "127.0.0.1", "::1"])
  func clientThatTrustsTheAuthorityAcceptsTheHost(host: String) throws {
    let certificates = DevelopmentCertificates(directory: scratch.path + "/tls", name: "localhost")
    let authority = try certificates.authority()
    let leaf = try certificates.leaf(names: ["localhost", "127.0.0.1", "::1"])
    let script = """
      import ssl, sys
      authority, certificate, key, host = sys.argv[1:]
      server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      server_context.load_cert_chain(certificate, key)
      up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
      client = ssl.create_default_context(cafile=authority).wrap_bio(down, up, server_hostname=host)
      server = server_context.wrap_bio(up, down, server_side=True)
      ends = [client, server]
      for _ in range(10):
          for end in list(ends):
              try:
                  end.do_handshake()
                  ends.remove(end)
              except ssl.SSLWantReadError:
                  pass
      print("handshake", "open" if ends else "done")
      """
    let arguments = ["-c", script, authority.certificatePath, leaf.certificatePath, leaf.keyPath]
    let answer = try Self.run("python3", arguments + [host])
    #expect(answer.output == "handshake done\n")
    let stranger = try Self.run("python3", arguments + ["127.0.0.2"])
    #expect(stranger.output.contains("IP address mismatch"))
  }

  @Test func authoritiesOfDifferentNamesInOneDirectoryAreStrangers() throws {
    let api = DevelopmentCertificates(directory: scratch.path, name: "localhost")
    let other = DevelopmentCertificates(directory: scratch.path, name: "sandbox")
    let leaf = try api.leaf(names: ["localhost"])
    #expect(leaf.certificatePath == scratch.path + "/localhost.pem")
    #expect(try api.authority().certificatePath == scratch.path + "/localhost-ca.pem")
    let verdict = try openssl(["verify", "-CAfile", other.authority().certificatePath, leaf.certificatePath])
    #expect(verdict.status != 0)
  }

  @Test func secondRunReusesEveryFile() throws {
    let first = DevelopmentCertificates(directory: scratch.path)
    let authority = try first.authority()
    let leaf = try first.leaf(names: ["a.example", "b.example"])
    let second = DevelopmentCertificates(directory: scratch.path)
    #expect(try second.leaf(names: ["b.example", "A.example"]) == leaf)
    #expect(try second.authority() == authority)
  }

  @Test func otherNamesRenewTheLeafAndKeepTheAuthority() throws {
    let certificates = DevelopmentCertificates(directory: scratch.path)
    let authority = try certificates.authority()
    let leaf = try certificates.leaf(names: ["a.example"])
    let wider = try certificates.leaf(names: ["a.example", "127.0.0.1"])
    #expect(wider.certificatePEM != leaf.certificatePEM)
    #expect(try certificates.authority() == authority)
    let verdict = try openssl(["verify", "-CAfile", authority.certificatePath, wider.certificatePath])
    #expect(verdict.status == 0, "\(verdict.output)")
  }

  @Test func certificateThatSoonExpiresIsRenewed() throws {
    let certificates = DevelopmentCertificates(directory: scratch.path)
    let authority = try certificates.authority()
    let leaf = try certificates.leaf(names: ["a.example"])
    let request = scratch.path + "/request.pem"
    let asked = try openssl([
      "req", "-new", "-key", leaf.keyPath, "-subj", "/CN=a.example", "-addext",
      "subjectAltName=DNS:a.example",
      "-out", request,
    ])
    #expect(asked.status == 0, "\(asked.output)")
    func sign(days: Int) throws -> [UInt8] {
      let signed = try openssl([
        "x509", "-req", "-in", request, "-CA", authority.certificatePath,
        "-CAkey", scratch.path + "/patchbay-ca-key.pem", "-CAcreateserial", "-days", "\(days)",
        "-copy_extensions", "copyall", "-out", leaf.certificatePath,
      ])
      #expect(signed.status == 0, "\(signed.output)")
      return [UInt8](try Data(contentsOf: URL(filePath: leaf.certificatePath)))
    }
    let lasting = try sign(days: 31)
    #expect(try certificates.leaf(names: ["a.example"]).certificatePEM == lasting)
    let expiring = try sign(days: 29)
    #expect(try certificates.leaf(names: ["a.example"]).certificatePEM != expiring)
  }

  @Test func damagedFilesAreMadeAnew() throws {
    let certificates = DevelopmentCertificates(directory: scratch.path)
    let authority = try certificates.authority()
    let leaf = try certificates.leaf(names: ["a.example"])
    try Data("-----BEGIN CERTIFICATE-----\nnonsense".utf8).write(to: URL(filePath: authority.certificatePath))
    try Data().write(to: URL(filePath: leaf.keyPath))
    let repaired = try certificates.leaf(names: ["a.example"])
    let verdict = try openssl(["verify", "-CAfile", authority.certificatePath, repaired.certificatePath])
    #expect(verdict.status == 0, "\(verdict.output)")
  }

  @Test func onlyTheirOwnerReadsKeys() throws {
    let certificates = DevelopmentCertificates(directory: scratch.path)
    let leaf = try certificates.leaf(names: ["a.example"])
    for path in [leaf.keyPath, scratch.path + "/patchbay-ca-key.pem"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
    }
  }

  @Test(arguments: [
    "a.example,DNS:evil.example", "", "a..b", "-a.example", "a b", "a.*.example", "1.2.3.4/8", "a:b",
  ])
  func nameThatIsNoneIsRefused(name: String) {
    #expect(throws: CertificateError.invalidName(name)) {
      try DevelopmentCertificates(directory: scratch.path).leaf(names: [name])
    }
  }

  @Test func directoryThatCannotBeMadeIsNamed() {
    let certificates = DevelopmentCertificates(directory: "/proc/patchbay/tls")
    #expect { try certificates.authority() } throws: { error in
      "\(error)".contains("/proc/patchbay")
    }
  }

  private func openssl(_ arguments: [String]) throws -> (status: Int32, output: String) {
    try Self.run("openssl", arguments)
  }

  private static func run(_ tool: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

/// A directory that lives as long as its owner.
final class ScratchDirectory: Sendable {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.path() + "/patchbay-certificates-\(UUID().uuidString)"
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
