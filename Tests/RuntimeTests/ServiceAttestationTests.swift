import ConnectorModel
import FoundationEssentials
import PluginLoader
import Ports
import TestTools
import Testing

@testable import Runtime

/// A host that requires attestations, at its start and when it reads manifests again.
@Suite(.serialized, .timeLimit(.minutes(10))) struct ServiceAttestationTests {
  private let key: Ed25519PrivateKey
  private let trusted: Ed25519PublicKey

  init() throws {
    key = try #require(Ed25519PrivateKey.generate())
    trusted = try #require(key.publicKey)
  }

  private func attest(_ place: ScratchDirectory) throws {
    func digest(_ path: String) throws -> String {
      try SHA256Digest(of: [UInt8](Data(contentsOf: URL(filePath: path)))).hex
    }
    let folder = place.file("manifests")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/schemas/mailchimp")
    var schemas: [String: JSONValue] = [:]
    for name in files {
      schemas["schemas/mailchimp/\(name)"] = .string(try digest("\(folder)/schemas/mailchimp/\(name)"))
    }
    let statement: JSONValue = [
      "connector": "mailchimp", "abi": "1.0", "level": "gold", "schemaSHA256": .object(schemas),
      "librarySHA256": .string(try digest(place.file("plugins/libMailchimpConnector.so"))),
      "manifestSHA256": .string(try digest(folder + "/mailchimp.yaml")),
      "results": [["id": "A1", "verdict": "passed"]],
    ]
    let attestation = try Attestation(signing: statement, with: key)
    try Data(attestation.file).write(to: URL(filePath: folder + "/mailchimp.attestation.json"))
  }

  @Test func attestedConnectorServesAndAChangeIsRefusedAtReload() async throws {
    try await ServiceBench.with(attestation: { place in
      try attest(place)
      return AttestationPolicy(keys: [trusted], level: .gold)
    }) { bench in
      #expect(try await bench.service.connector("mailchimp").state == .ready)
      // A remark changes nothing that the host goes by, and still is not what was attested.
      try bench.editManifest("manifest: 1", "manifest: 1 # a remark")
      try await bench.service.reload()
      let stale = try await bench.service.connector("mailchimp")
      #expect(stale.state == .stale && stale.reason.contains("another manifest"), "\(stale.reason)")
      #expect(stale.generation == 1)
      try attest(bench.place)
      try await bench.service.reload()
      #expect(try await bench.service.connector("mailchimp").state == .ready)
    }
  }

  @Test func connectorWithoutOneIsNotServed() async throws {
    try await ServiceBench.with(attestation: { _ in AttestationPolicy(keys: [trusted], level: .bronze) }) {
      bench in
      let status = try await bench.service.connector("mailchimp")
      #expect(status.state != .ready && status.reason.contains("not attested"), "\(status.reason)")
      try attest(bench.place)
      try await bench.service.reload()
      #expect(try await bench.service.connector("mailchimp").state == .ready)
    }
  }
}
