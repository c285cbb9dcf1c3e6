internal import ConnectorModel
internal import Glibc
package import Manifest

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// What must be signed by whom before a connector's code runs.
package struct AttestationPolicy: Sendable {
  package let keys: [Ed25519PublicKey]
  package let level: AttestedLevel
  /// Where attestations are looked for before the manifest's own directory.
  package let directory: String?

  private static let maximumBytes = 4 << 20

  package init(keys: [Ed25519PublicKey], level: AttestedLevel, directory: String? = nil) {
    self.keys = keys
    self.level = level
    self.directory = directory
  }

  /// - Parameter path: a public key as PEM, or a directory of `*.pub.pem` in which attestations may lie too.
  /// - Throws: when there is no key, or one cannot be read.
  package init(path: String, level: AttestedLevel) throws(AttestationFault) {
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw AttestationFault("there is no \(path); name a public key or a directory of *.pub.pem")
    }
    guard isDirectory else {
      self.init(keys: [try Self.key(path)], level: level)
      return
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var keys: [Ed25519PublicKey] = []
    for name in names.sorted() where name.hasSuffix(".pub.pem") {
      keys.append(try Self.key("\(path)/\(name)"))
    }
    guard !keys.isEmpty else { throw AttestationFault("\(path) holds no *.pub.pem; put a trusted key there") }
    self.init(keys: keys, level: level, directory: path)
  }

  private static func key(_ path: String) throws(AttestationFault) -> Ed25519PublicKey {
    guard let bytes = try? FileBytes.read(path, maximum: 1 << 16), let key = Ed25519PublicKey(pem: bytes)
    else {
      throw AttestationFault(
        "\(path) is no Ed25519 public key as PEM; `patchbay verify attest keygen` makes one")
    }
    return key
  }

  /// Reads the attestation of a connector and holds it against what is about to be loaded.
  ///
  /// - Parameter library: the SHA-256 of the bytes that will be mapped, lower-case hex.
  /// - Throws: the first thing that is not as it was attested, with the file's name.
  package func check(
    _ manifest: Manifest, library: String, abiMajor: Int
  ) throws(AttestationFault) {
    let name = "\(manifest.id).attestation.json"
    let places = [directory, Self.folder(of: manifest.path)].compactMap { $0.map { "\($0)/\(name)" } }
    guard let path = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw AttestationFault(
        "there is no \(places.joined(separator: " or ")); run `patchbay verify --attest`")
    }
    do throws(AttestationFault) {
      guard let bytes = try? FileBytes.read(path, maximum: Self.maximumBytes) else {
        throw AttestationFault("it cannot be read")
      }
      let attestation = try Attestation(parsing: bytes)
      _ = try attestation.signer(among: keys)
      try check(attestation.statement, manifest, library: library, abiMajor: abiMajor)
    } catch {
      throw AttestationFault("\(path): \(error.description)")
    }
  }

  private func check(
    _ statement: JSONValue, _ manifest: Manifest, library: String, abiMajor: Int
  ) throws(AttestationFault) {
    guard statement["connector"]?.text == manifest.id else {
      throw AttestationFault("it is about another connector")
    }
    guard statement["librarySHA256"]?.text == library else {
      throw AttestationFault("it is about another library: verify this one")
    }
    try checkManifest(statement, manifest)
    let abi = (statement["abi"]?.text ?? "").split(separator: ".").compactMap { Int($0) }
    guard abi.count == 2, abi[0] == abiMajor, abi[1] >= manifest.abi.minor else {
      throw AttestationFault(
        "it was made for another ABI than \(abiMajor).\(manifest.abi.minor): verify again")
    }
    guard let attested = statement["level"]?.text.flatMap(AttestedLevel.init(rawValue:)), attested >= level
    else {
      throw AttestationFault(
        "it attests \(statement["level"]?.text ?? "no level"), and \(level.rawValue) is required")
    }
    let bad = ["failed", "crashed", "timed_out"]
    guard let results = statement["results"]?.elements, !results.isEmpty,
      !results.contains(where: { bad.contains($0["verdict"]?.text ?? "failed") })
    else { throw AttestationFault("it tells of a run that failed") }
  }

  /// The bytes that were attested must be there and mean what the host goes by.
  private func checkManifest(_ statement: JSONValue, _ manifest: Manifest) throws(AttestationFault) {
    let today = CalendarDate(secondsSince1970: Int64(time(nil)))
    guard let bytes = try? FileBytes.read(manifest.path, maximum: Self.maximumBytes),
      let digest = try? SHA256Digest(of: bytes), statement["manifestSHA256"]?.text == digest.hex,
      let folder = Self.folder(of: manifest.path),
      ManifestReader.read(bytes, file: manifest.path, folder: folder, today: today).manifest == manifest
    else { throw AttestationFault("it is about another manifest: verify this one") }
    guard case .object(let attested)? = statement["schemaSHA256"],
      let schemas = ManifestSchemas.digests(of: manifest), attested == schemas.mapValues({ .string($0) })
    else { throw AttestationFault("it is about other schemas: verify with these") }
  }

  private static func folder(of path: String) -> String? {
    path.lastIndex(of: "/").map { String(path[..<$0]) }
  }
}

/// The schema files that a manifest names.
package enum ManifestSchemas {
  private static let maximumBytes = 1 << 20

  /// SHA-256 by path, below the manifest's folder where it is there; nil when one cannot be read.
  package static func digests(of manifest: Manifest) -> [String: String]? {
    let folder = manifest.path.lastIndex(of: "/").map { manifest.path[...$0] } ?? ""
    let files =
      manifest.actions.values.flatMap { [$0.input, $0.output] } + manifest.sync.values.map(\.record)
      + [manifest.configuration?.schema]
    var digests: [String: String] = [:]
    for path in files.compactMap({ $0 }) {
      guard let bytes = try? FileBytes.read(path, maximum: maximumBytes),
        let digest = try? SHA256Digest(of: bytes)
      else { return nil }
      digests[path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path] = digest.hex
    }
    return digests
  }
}
