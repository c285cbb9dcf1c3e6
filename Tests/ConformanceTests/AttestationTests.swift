import ConnectorModel
import Foundation
import PluginLoader
import TestTools
import Testing

@testable import Conformance

/// A connector runs only as it was attested.
@Suite(.offThePool, .serialized, .needsClang) struct AttestationTests {
  private let mutant: Mutant
  private let key: Ed25519PrivateKey
  private let trusted: Ed25519PublicKey
  private let state = ScratchDirectory()

  init() throws {
    mutant = try Mutant("perfect")
    key = try #require(Ed25519PrivateKey.generate())
    trusted = try #require(key.publicKey)
    try write(statement())
  }

  private var folder: String { mutant.subject.plugins[0] }
  private var file: String { "\(folder)/perfect.attestation.json" }

  /// Of a real run of one case; what a whole one says differs in the number of cases only.
  private func statement() throws -> JSONValue { try #require(mutant.run(only: ["A1"]).statement) }

  private func write(_ statement: JSONValue, with key: Ed25519PrivateKey? = nil) throws {
    let attestation = try Attestation(signing: statement, with: key ?? self.key)
    try Data(attestation.file).write(to: URL(filePath: file))
  }

  private func change(_ member: String, to value: JSONValue) throws {
    guard case .object(var members) = try statement() else { return }
    members[member] = value
    try write(.object(members))
  }

  /// The load report's code and sentence; `loaded` when it was.
  private func load(_ level: AttestedLevel = .gold, directory: String? = nil) throws -> (
    code: String, reason: String
  ) {
    let subject = Subject(manifestPath: mutant.subject.manifestPath, plugins: [folder])
    let loader = PluginLoader(
      searchPath: [folder], stateDirectory: state.path,
      attestation: AttestationPolicy(keys: [trusted], level: level, directory: directory))
    let manifest = try #require(subject.manifest)
    let entry = try #require(loader.load([manifest]).report.entries.first)
    return (entry.code ?? entry.status.rawValue, entry.reason ?? "")
  }

  private func expectRefused(_ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let (code, reason) = try load()
    #expect(code == "not_attested", "\(reason)", sourceLocation: sourceLocation)
    #expect(reason.contains(words), "\(reason)", sourceLocation: sourceLocation)
  }

  @Test func attestedConnectorIsLoaded() throws {
    #expect(try load().code == "loaded")
  }

  @Test func directoryOfAttestationsGoesFirst() throws {
    let other = ScratchDirectory()
    try FileManager.default.moveItem(atPath: file, toPath: other.file("perfect.attestation.json"))
    #expect(try load().code == "not_attested")
    #expect(try load(directory: other.path).code == "loaded")
  }

  @Test func missingOneIsSaid() throws {
    try FileManager.default.removeItem(atPath: file)
    try expectRefused("there is no \(file)")
  }

  @Test func otherKeyIsNotTrusted() throws {
    try write(try statement(), with: Ed25519PrivateKey.generate())
    try expectRefused("trusted is \(trusted.id)")
  }

  @Test func keyIdOfATrustedOneIsNoSignature() throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let other = try #require(Ed25519PrivateKey.generate())
    let forged = try Attestation(signing: try statement(), with: other)
    let changed = String(decoding: forged.file, as: UTF8.self).replacing(forged.keyID, with: trusted.id)
    #expect(changed != text)
    try changed.write(toFile: file, atomically: true, encoding: .utf8)
    try expectRefused("its signature is not good")
  }

  @Test func changedStatementIsSeen() throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try text.replacing("\"passed\"", with: "\"warning\"").write(
      toFile: file, atomically: true, encoding: .utf8)
    try expectRefused("its signature is not good")
  }

  @Test func changedLibraryByteIsSeen() throws {
    let library = URL(filePath: "\(folder)/libmutant.so")
    try (Data(contentsOf: library) + Data([0])).write(to: library)
    try expectRefused("another library")
  }

  @Test func changedManifestByteIsSeen() throws {
    let path = mutant.subject.manifestPath
    try (String(contentsOfFile: path, encoding: .utf8) + "# a remark\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    try expectRefused("another manifest")
  }

  @Test func otherSchemasAreSeen() throws {
    try change("schemaSHA256", to: ["schemas/x.json": "00"])
    try expectRefused("other schemas")
  }

  @Test func lowerLevelIsNotEnough() throws {
    try change("level", to: "silver")
    try expectRefused("attests silver, and gold is required")
    #expect(try load(.silver).code == "loaded" && load(.bronze).code == "loaded")
  }

  @Test func otherABIIsSeen() throws {
    try change("abi", to: "2.0")
    try expectRefused("another ABI")
  }

  @Test func otherConnectorIsSeen() throws {
    try change("connector", to: "imperfect")
    try expectRefused("another connector")
  }

  @Test func failedRunAttestsNothing() throws {
    try change("results", to: [["id": "A1", "verdict": "crashed"]])
    try expectRefused("a run that failed")
    try change("results", to: [])
    try expectRefused("a run that failed")
  }

  @Test(arguments: [0, 1, 100, 400]) func truncatedFileIsSeen(length: Int) throws {
    let bytes = try Data(contentsOf: URL(filePath: file))
    try bytes.prefix(length).write(to: URL(filePath: file))
    try expectRefused("it is cut, or no JSON")
  }

  @Test func fileOfAnotherKindIsSeen() throws {
    try "{\"attestation\":2}".write(toFile: file, atomically: true, encoding: .utf8)
    try expectRefused("no attestation of format 1")
  }

  @Test func keysSurviveTheirFiles() throws {
    let scratch = ScratchDirectory()
    let pem = try #require(key.pem)
    let again = try #require(Ed25519PrivateKey(pem: pem))
    #expect(again.publicKey == trusted && trusted.id.count == 16)
    let bytes = Array("abc".utf8)
    let signature = try #require(again.signature(of: bytes))
    #expect(trusted.verifies(signature, of: bytes) && !trusted.verifies(signature, of: bytes + [0]))
    #expect(!trusted.verifies(Array(signature.dropLast()), of: bytes))
    scratch.write(try #require(trusted.pem), to: "a.pub.pem")
    scratch.write(pem, to: "a.pem")
    #expect(try AttestationPolicy(path: scratch.path, level: .gold).keys == [trusted])
    #expect(throws: AttestationFault.self) {
      try AttestationPolicy(path: scratch.file("a.pem"), level: .gold)
    }
    #expect(throws: AttestationFault.self) { try AttestationPolicy(path: "/nowhere", level: .gold) }
    #expect(throws: AttestationFault.self) { try AttestationPolicy(path: state.path, level: .gold) }
    #expect(Ed25519PrivateKey(pem: Array("-----BEGIN".utf8)) == nil && Ed25519PublicKey(pem: []) == nil)
  }
}
