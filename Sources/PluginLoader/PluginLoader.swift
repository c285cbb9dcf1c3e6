internal import CForeignWork
package import Manifest
internal import Ports

/// Loads the libraries that manifests name: the sequence of docs/abi.md, section Loading.
///
/// One bad connector never stops the others, and nothing is ever unmapped.
package struct PluginLoader: Sendable {
  private let resolver: LibraryResolver
  private let check: LibraryCheck
  private let stateDirectory: String
  private let attestation: AttestationPolicy?

  /// How long a library may take to be mapped, negotiate and describe itself.
  private static let openSeconds = 10

  /// - Parameters:
  ///   - searchPath: directories for relative library paths, in the order they are tried.
  ///   - stateDirectory: private copies go to `libraries` in it.
  ///   - attestation: what must be signed before any code runs; nil for nothing.
  package init(
    searchPath: [String], stateDirectory: String, host: HostFacts = .ofThisProcess(),
    attestation: AttestationPolicy? = nil
  ) {
    resolver = LibraryResolver(searchPath: searchPath, platform: host.platform)
    check = LibraryCheck(host: host)
    self.stateDirectory = stateDirectory
    self.attestation = attestation
  }

  /// Loads one connector for each manifest and reports on all of them, in the order of their ids.
  ///
  /// Reads files and runs foreign code, so never call it on the cooperative pool.
  package func load(_ manifests: [Manifest]) -> (connectors: [LoadedConnector], report: LoadReport) {
    var connectors: [LoadedConnector] = []
    var report = LoadReport(entries: [])
    for manifest in manifests.sorted(by: { ($0.id, $0.path) < ($1.id, $1.path) }) {
      var entry = LoadReport.Entry(id: manifest.id, version: manifest.version, manifest: manifest.path)
      do throws(PluginError) {
        let namesakes = manifests.filter { $0.id == manifest.id }.map(\.path).sorted()
        guard namesakes.count == 1 else { throw .duplicate(id: manifest.id, manifests: namesakes) }
        connectors.append(try load(manifest, &entry))
        entry.status = .loaded
      } catch {
        entry.code = error.code
        entry.reason = error.description
        if case .disagrees(_, _, let differences) = error { entry.differences = differences }
      }
      report.entries.append(entry)
    }
    return (connectors, report)
  }

  /// SHA-256 of the library that a manifest leads to now, lower-case hex; nil when it cannot be read.
  ///
  /// Reads the file, so never call it on the cooperative pool.
  package func digest(of library: Manifest.Library) -> String? {
    var attempts: [LoadReport.Attempt] = []
    return try? hash(resolver.resolve(library, attempts: &attempts))
  }

  /// Whether a connector that runs may still do so, by what must be signed; true where nothing must.
  ///
  /// Reads files, so never call it on the cooperative pool.
  package func isAttested(_ manifest: Manifest, sha256: String) -> Bool {
    (try? checkAttestation(manifest, sha256: sha256)) != nil
  }

  private func checkAttestation(_ manifest: Manifest, sha256: String) throws(PluginError) {
    do throws(AttestationFault) {
      try attestation?.check(manifest, library: sha256, abiMajor: check.host.abiMajor)
    } catch {
      throw .notAttested(id: manifest.id, reason: error.description)
    }
  }

  /// Loads one connector and says in `entry` how far it came.
  package func load(
    _ manifest: Manifest, _ entry: inout LoadReport.Entry
  ) throws(PluginError) -> LoadedConnector {
    foreign_work_install()
    try checkManifest(manifest)
    let found = try resolver.resolve(manifest.library, attempts: &entry.attempts)
    entry.library = found.path
    let digest = try hash(found)
    entry.sha256 = digest
    if let pinned = found.sha256, pinned.lowercased() != digest {
      throw .wrongHash(path: found.path, expected: pinned, actual: digest)
    }
    try checkAttestation(manifest, sha256: digest)
    entry.notes += try check.check(found.bytes, path: found.path)
    let copy = try PrivateCopy.make(of: found.bytes, sha256: digest, stateDirectory: stateDirectory)
    entry.privateCopy = copy.path
    entry.generation = copy.generation
    if copy.generation > Self.manyGenerations {
      entry.notes.append(
        "generation \(copy.generation) in this process; nothing is ever unmapped, so restart the host some time"
      )
    }
    let (table, descriptor) = try open(copy, manifest: manifest, library: found.path)
    entry.abi = "\(check.host.abiMajor).\(table.minor)"
    entry.build = table.build
    let differences = descriptor.differences(from: manifest, library: found.path)
    guard differences.isEmpty else {
      throw .disagrees(path: found.path, manifest: manifest.path, differences: differences)
    }
    let connector = LoadedConnector(manifest: manifest, descriptor: descriptor, copy: copy, table: table)
    entry.notes += notes(connector)
    return connector
  }

  private static let manyGenerations = 16

  /// What needs no look at the library.
  private func checkManifest(_ manifest: Manifest) throws(PluginError) {
    guard manifest.isolation == .inProcess else { throw .needsWorker(id: manifest.id) }
    guard manifest.abi.major == check.host.abiMajor else {
      throw .manifestNeedsABI(major: manifest.abi.major, host: check.host.abiMajor)
    }
    if let unknown = manifest.extensions.first(where: { !check.host.extensions.contains($0) }) {
      throw .unknownExtension(unknown)
    }
  }

  private func hash(_ found: LibraryResolver.Found) throws(PluginError) -> String {
    do throws(DigestUnavailable) {
      return try SHA256Digest(of: found.bytes).hex
    } catch {
      throw .unreadable(path: found.path, reason: "this machine's OpenSSL offers no SHA-256")
    }
  }

  /// Maps the copy and talks to it, on a thread of its own; messages name the file that the manifest led to.
  private func open(
    _ copy: PrivateCopy, manifest: Manifest, library path: String
  ) throws(PluginError) -> (ConnectorTable, Descriptor) {
    let id = manifest.id
    let outcome = NamedThread.run("patchbay-load", atMost: .seconds(Self.openSeconds)) {
      Result { () throws(PluginError) -> (ConnectorTable, Descriptor) in
        let library: SharedLibrary
        do throws(DynamicLoaderFailure) {
          library = try SharedLibrary(opening: copy.path)
        } catch {
          throw .notLoadable(path: path, reason: error.message)
        }
        let table = try ConnectorTable(of: library, path: path, name: id)
        let descriptor = try Descriptor(parsing: try table.describe(), path: path)
        guard descriptor.id == table.id, descriptor.version == table.version else {
          throw .brokeContract(
            path: path, rule: "D-2",
            what:
              "its table says \(table.id) \(table.version), its descriptor \(descriptor.id) \(descriptor.version)"
          )
        }
        return (table, descriptor)
      }
    }
    guard let outcome else { throw .timedOut(path: path, step: "loading", seconds: Self.openSeconds) }
    return try outcome.get()
  }

  private func notes(_ connector: LoadedConnector) -> [String] {
    var notes: [String] = []
    if connector.manifest.concurrency == .parallel, !connector.isParallel {
      notes.append("operations run one at a time: the library does not declare PARALLEL_OPS")
    }
    if !connector.descriptor.health {
      notes.append("the library answers no health checks of its own")
    }
    return notes
  }
}
