import Foundation
import TestTools
import Testing

/// Keys, signing, checking and requiring, by the program itself.
@Suite(.offThePool, .serialized) struct AttestCommandTests {
  private let program: Program
  init() throws { program = try Program() }

  private func path(_ name: String) -> String { program.state.appending(path: name).path }

  @Test func keysAreMadeSignAndAreTrusted() throws {
    defer { program.remove() }
    let made = try program.run("verify", "attest", "keygen", "--output", path("ours"))
    try #require(made.status == 0, "\(made.errors)")
    let mode = try FileManager.default.attributesOfItem(atPath: path("ours.pem"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try program.run("verify", "attest", "keygen", "--output", path("ours")).status == 1)

    let run = try program.run(
      "verify", "manifests/mailchimp.yaml", "--level", "bronze", "--attest", path("ours.pem"),
      "--attestations",
      program.state.path)
    try #require(run.status == 0, "\(run.output)\(run.errors)")
    let file = path("mailchimp.attestation.json")
    let good = try program.run("verify", "attest", "verify", file, "--key", path("ours.pub.pem"))
    #expect(good.status == 0 && good.output.hasPrefix("mailchimp 1.0.0: bronze, signed with the key "))
    // No path of this machine and no time of the run is signed.
    #expect(try !String(contentsOfFile: file, encoding: .utf8).contains(Program.checkout.path))

    _ = try program.run("verify", "attest", "keygen", "--output", path("theirs"))
    let other = try program.run("verify", "attest", "verify", file, "--key", path("theirs.pub.pem"))
    #expect(other.status == 1 && other.errors.contains("trusted is"))
  }

  @Test func failedRunIsNotSigned() throws {
    defer { program.remove() }
    _ = try program.run("verify", "attest", "keygen", "--output", path("k"))
    let empty = path("nothing")
    let run = try program.run(
      "verify", "manifests/mailchimp.yaml", "--plugins", empty, "--level", "bronze", "--attest",
      path("k.pem"),
      "--attestations", program.state.path)
    #expect(run.status == 1 && run.errors.contains("is not attested: a case failed"))
    #expect(!FileManager.default.fileExists(atPath: path("mailchimp.attestation.json")))
  }

  @Test(arguments: [["--only", "A1"], ["--fail-fast"], ["--in-process"]]) func partOfARunIsNotSigned(
    more: [String]
  ) throws {
    defer { program.remove() }
    let run = try program.run(["verify", "manifests/mailchimp.yaml", "--attest", "k.pem"] + more)
    #expect(run.status == 2 && run.errors.contains("whole runs"))
  }

  @Test func hostThatRequiresOneNeedsAKey() throws {
    defer { program.remove() }
    let run = try program.run("serve", "manifests", "--require-attestation", path("none.pem"))
    #expect(run.status == 2 && run.errors.contains("name a public key"))
  }
}
