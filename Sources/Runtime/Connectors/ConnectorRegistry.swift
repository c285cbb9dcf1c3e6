internal import ConnectorModel
internal import Egress
internal import Manifest
internal import Operations
internal import PluginLoader
internal import Ports
internal import Synchronization

/// The connectors of the manifest directories, each in its newest generation that works.
///
/// Reading and loading block: call ``load()`` on a named thread.
final class ConnectorRegistry: Sendable {
  /// Makes what takes operations of a library that was loaded, given the door of the one it replaces.
  typealias Serve = @Sendable (LoadedConnector, Egress?) throws -> HostedParts

  struct State: Sendable {
    var readings: [ManifestReading] = []
    var served: [String: ServedConnector] = [:]
    /// Why a manifest's connector takes no operations, or why its newest version does not.
    var refused: [String: LoadReport.Entry] = [:]
    /// Replaced generations that journals may still need.
    var retired: [ServedConnector] = []
    /// How many libraries were mapped for each id; nothing is ever unmapped.
    var generations: [String: Int] = [:]

    /// Replaced generations of a connector on which operations are still under way.
    func draining(_ id: String) -> Int {
      retired.count { $0.manifest.id == id && $0.hosted.health.operationCount > 0 }
    }
  }

  private let directories: [String]
  private let maximumGenerations: Int
  private let loader: PluginLoader
  private let archive: GenerationArchive
  private let clock: any HostClock
  private let serve: Serve
  private let state = Mutex(State())
  private let isLoading = Atomic(false)

  /// A replaced generation stays for replays until this many came after it.
  private static let maximumRetired = 64

  init(_ options: HostOptions, clock: any HostClock, serve: @escaping Serve) {
    directories = options.manifests
    maximumGenerations = options.maximumGenerations
    archive = GenerationArchive(state: options.state)
    loader = PluginLoader(
      searchPath: options.plugins, stateDirectory: options.state, attestation: options.attestation)
    self.clock = clock
    self.serve = serve
  }

  /// A look at everything that is loaded now.
  var now: State { state.withLock { $0 } }

  /// What became of every manifest, at the last reading.
  var report: LoadReport {
    let now = now
    let entries = now.served.values.map(\.entry).filter { now.refused[$0.id] == nil } + now.refused.values
    return LoadReport(entries: entries.sorted { ($0.id, $0.manifest) < ($1.id, $1.manifest) })
  }

  /// The connector of a manifest, ready to take operations.
  ///
  /// - Throws: why it is not.
  func connector(_ id: String) throws(RuntimeError) -> ServedConnector {
    let now = now
    if let connector = now.served[id] { return connector }
    if let entry = now.refused[id] {
      throw RuntimeError("connector \(id) was not loaded: \(entry.reason ?? "see `patchbay connectors`")")
    }
    // A manifest that cannot be used may be the one looked for.
    let unusable = now.refused.values.first { $0.code == LoadReport.Entry.unreadableCode }
    let known = now.served.keys.sorted().joined(separator: ", ")
    throw RuntimeError(
      "there is no connector \(id) in \(directories.joined(separator: ", "))"
        + (known.isEmpty ? "" : "; there is \(known)")
        + (unusable?.reason.map { "; a manifest that cannot be used: \($0)" } ?? ""))
  }

  /// The generation of a connector that was loaded from this library; nil when none is at hand.
  func connector(_ id: String, sha256: String) -> ServedConnector? {
    let now = now
    return ([now.served[id]].compactMap { $0 } + now.retired.reversed()).first {
      $0.manifest.id == id && $0.sha256 == sha256
    }
  }

  /// Reads the manifest directories anew and loads what is new or changed.
  ///
  /// What is under way goes on with what it began with. A newer version that is refused leaves the old one in
  /// service, and so does a folder that cannot be listed; a manifest that is gone takes its connector out of it.
  /// - Throws: `RuntimeError` while another reading is under way.
  func load() throws(RuntimeError) {
    guard !isLoading.exchange(true, ordering: .acquiring) else {
      throw RuntimeError("the manifests are being read already; try again in a moment")
    }
    defer { isLoading.store(false, ordering: .releasing) }
    let before = now
    let readings = ManifestDirectory.read(directories, today: today)
    let manifests = readings.compactMap(\.manifest)
    let unchanged = manifests.filter { before.served[$0.id].map(isCurrent($0)) ?? false }
    let changed = manifests.filter { !unchanged.contains($0) }
    let (loaded, report) = loader.load(changed.filter { mayLoad($0.id, before) })

    var next = State(readings: readings, retired: before.retired, generations: before.generations)
    for manifest in changed where !mayLoad(manifest.id, before) {
      next.refused[manifest.id] = tooManyGenerations(of: manifest)
    }
    for entry in report.entries where entry.privateCopy != nil {
      next.generations[entry.id, default: 0] += 1
    }
    for manifest in unchanged { next.served[manifest.id] = before.served[manifest.id] }
    for entry in report.entries where entry.status == .refused { next.refused[entry.id] = entry }
    for reading in readings {
      guard let entry = LoadReport.Entry(unreadable: reading) else { continue }
      let old = before.served.keys.filter { before.served[$0].map { reading.covers($0.manifest) } ?? false }
      for id in old.isEmpty ? [entry.id] : old { next.refused[id] = entry }
    }
    for connector in loaded { start(connector, report, before: before, in: &next) }
    for (id, old) in before.served where next.refused[id] != nil && next.served[id] == nil {
      next.served[id] = old
    }
    next.retired += before.served.values.filter { old in
      next.served[old.manifest.id].map { $0.generation != old.generation } ?? true
    }
    next.retired = next.retired.suffix(Self.maximumRetired)
    let settled = next
    state.withLock { $0 = settled }
  }

  private func start(
    _ connector: LoadedConnector, _ report: LoadReport, before: State, in next: inout State
  ) {
    let manifest = connector.manifest
    guard var entry = report.entries.first(where: { $0.id == manifest.id }) else { return }
    do {
      let parts = try serve(connector, before.served[manifest.id]?.egress)
      next.served[manifest.id] = ServedConnector(
        manifest: manifest, schemas: parts.schemas, hosted: parts.hosted, egress: parts.egress,
        entry: keeping(manifest, entry), generation: next.generations[manifest.id] ?? 1)
    } catch {
      entry.status = .refused
      entry.code = "did_not_start"
      entry.reason = "it did not start: \(error)"
      next.refused[manifest.id] = entry
    }
  }

  /// Keeps what the next process needs to go on with operations of this one.
  private func keeping(_ manifest: Manifest, _ entry: LoadReport.Entry) -> LoadReport.Entry {
    var entry = entry
    do throws(RuntimeError) {
      try archive.keep(manifest, sha256: entry.sha256 ?? "")
    } catch {
      entry.notes.append("what is under way at a restart cannot go on once it is replaced: \(error)")
    }
    return entry
  }

  /// Loads libraries that journals of an earlier process need and that are not served, each with the manifest it had
  /// then, and removes old copies that nobody needs.
  ///
  /// What cannot be loaded stays absent.
  func recall(_ libraries: Set<String>) {
    let before = now
    let known = Set((Array(before.served.values) + before.retired).map(\.sha256))
    for sha256 in libraries.subtracting(known).sorted() {
      guard let manifest = archive.manifest(of: sha256, today: today) else { continue }
      let (connectors, report) = loader.load([manifest])
      guard let connector = connectors.first, let entry = report.entries.first,
        let parts = try? serve(connector, before.served[manifest.id]?.egress)
      else { continue }
      let recalled = ServedConnector(
        manifest: manifest, schemas: parts.schemas, hosted: parts.hosted, egress: parts.egress, entry: entry,
        generation: 0)
      state.withLock { state in
        state.retired.append(recalled)
        state.generations[manifest.id, default: 0] += 1
      }
    }
    archive.sweep(keeping: libraries.union(known), now: Double(clock.unixNanoseconds) / 1e9)
  }

  private var today: CalendarDate {
    CalendarDate(secondsSince1970: Int64(clock.unixNanoseconds / 1_000_000_000))
  }

  private func mayLoad(_ id: String, _ state: State) -> Bool {
    state.generations[id, default: 0] < maximumGenerations
  }

  private func tooManyGenerations(of manifest: Manifest) -> LoadReport.Entry {
    LoadReport.Entry(
      id: manifest.id, version: manifest.version, manifest: manifest.path, code: "too_many_generations",
      reason:
        "\(maximumGenerations) libraries were loaded for \(manifest.id) in this process and none is ever "
        + "unmapped; the last one goes on: restart the host to load another")
  }

  private func isCurrent(_ manifest: Manifest) -> (ServedConnector) -> Bool {
    { [loader] old in
      old.hosted.health.failure == nil && old.manifest == manifest
        && loader.digest(of: manifest.library) == old.sha256
        && loader.isAttested(manifest, sha256: old.sha256)
        && (try? ActionSchemas(of: manifest)) == old.schemas
    }
  }
}
