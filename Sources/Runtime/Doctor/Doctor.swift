internal import Manifest
package import PluginLoader
internal import Ports
package import Secrets
internal import Storage
internal import Vault

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif
#if canImport(Glibc)
  internal import Glibc
#endif

/// Looks at everything that a host needs, without changing it, and says what is wrong and what to do.
package struct Doctor: Sendable {
  package struct Finding: Sendable, Equatable, Codable {
    package enum Verdict: String, Sendable, Codable { case ok, warning, error }

    package var subject: String
    package var verdict: Verdict
    /// One sentence; no secret.
    package var message: String

    package init(_ subject: String, _ verdict: Verdict, _ message: String) {
      self.subject = subject
      self.verdict = verdict
      self.message = message
    }
  }

  private let options: HostOptions
  private let masterKey: Secret?
  /// Names of variables that are set; their values are nobody's business here.
  private let isSet: @Sendable (String) -> Bool

  private static let leastFreeBytes: UInt64 = 1 << 30

  package init(options: HostOptions, masterKey: Secret?, isSet: @escaping @Sendable (String) -> Bool) {
    self.options = options
    self.masterKey = masterKey
    self.isSet = isSet
  }

  package func examine() async -> (findings: [Finding], report: LoadReport) {
    var findings = stateDirectory()
    findings += await store()
    let (connectors, report) = await self.connectors()
    return (findings + connectors, report)
  }

  // MARK: Files

  /// Calls `stat` and `statvfs`.
  private func stateDirectory() -> [Finding] {
    let path = options.state
    var facts = stat()
    guard unsafe stat(path, &facts) == 0 else {
      return [Finding("state", .warning, "\(path) is not there yet; `patchbay serve` makes it")]
    }
    var findings: [Finding] = []
    let mode = facts.st_mode & 0o777
    findings.append(
      mode & 0o077 == 0
        ? Finding("state", .ok, path)
        : Finding("state", .error, "\(path) is open to others; run chmod 700 \(path)"))
    var room = statvfs()
    if unsafe statvfs(path, &room) == 0 {
      let free = UInt64(room.f_bavail) * UInt64(room.f_frsize)
      findings.append(
        free >= Self.leastFreeBytes
          ? Finding("disk", .ok, "\(free >> 20) MiB free")
          : Finding("disk", .warning, "only \(free >> 20) MiB are free at \(path); make room"))
    }
    return findings
  }

  private func store() async -> [Finding] {
    let path = StateDirectory.store(in: options.state)
    guard unsafe access(path, F_OK) == 0 else {
      return [Finding("store", .warning, "\(path) is not there yet; `patchbay serve` makes it")]
    }
    do {
      let store = try await SQLiteStore.open(path: path, options: .init(isReadOnly: true))
      var findings: [Finding] = []
      do {
        findings.append(Finding("store", .ok, path))
        findings += try await keys(store)
        findings += try await accounts(store)
      } catch {
        findings.append(Finding("store", .error, "\(error)"))
      }
      await store.close()
      return findings
    } catch {
      return [Finding("store", .error, "\(error)")]
    }
  }

  private func keys(_ store: any Store) async throws -> [Finding] {
    var findings: [Finding] = []
    do {
      if let masterKey {
        try await Vault(provider: LocalKeyProvider(text: masterKey), tenants: store).check()
      } else {
        let file = options.state + "/master.key"
        let provider = try await NamedThread.run("patchbay-key") {
          try LocalKeyProvider(file: file, makesFile: false)
        }
        try await Vault(provider: provider, tenants: store).check()
      }
      findings.append(Finding("master key", .ok, "it opens every tenant's data key"))
    } catch {
      findings.append(Finding("master key", .error, "\(error)"))
    }
    let active = try await store.apiKeys(tenant: nil).filter { $0.revokedAt == nil }
    findings.append(
      active.isEmpty
        ? Finding("api keys", .warning, "there is none that works; `patchbay keys create` makes one")
        : Finding("api keys", .ok, "\(active.count) work"))
    return findings
  }

  private func accounts(_ store: any Store) async throws -> [Finding] {
    var troubled: [String] = []
    var count = 0
    for tenant in try await store.tenants() {
      var page = PageRequest(limit: PageRequest.maximumLimit)
      repeat {
        let part = try await store.connections(tenant: tenant.id, connector: nil, page: page)
        count += part.elements.count
        troubled += part.elements.filter { $0.state != .healthy }.map {
          "\($0.id) (\($0.connector)) is \($0.state.rawValue): \($0.reason)"
        }
        page.after = part.next
      } while page.after != nil
    }
    let depth = try await store.depth(tenant: nil)
    let dead = (depth[.dead] ?? 0) + (depth[.unknown] ?? 0)
    var findings = [Finding("connections", .ok, "\(count), \(troubled.count) of them need a person")]
    findings += troubled.prefix(50).map { Finding("connection", .warning, $0) }
    if dead > 0 {
      findings.append(
        Finding("jobs", .warning, "\(dead) ended dead or unknown; look with `patchbay dlq list`"))
    }
    return findings
  }

  // MARK: Connectors

  private func connectors() async -> ([Finding], LoadReport) {
    // Loading copies libraries; those copies are not the examined host's.
    var elsewhere = options
    elsewhere.state =
      FileManager.default.temporaryDirectory
      .appending(path: "patchbay-doctor-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: elsewhere.state) }
    do {
      let host = try await Host.open(elsewhere)
      let report = host.loadReport
      let variables = host.environment
      await host.stop()
      var findings = report.entries.map { entry in
        entry.status == .loaded
          ? Finding("connector \(entry.id)", .ok, "version \(entry.version), \(entry.library ?? "")")
          : Finding("connector \(entry.id)", .error, entry.reason ?? "it was refused")
      }
      findings += variables.sorted { $0.key < $1.key }.filter { !isSet($0.key) }.map { name, connector in
        Finding("variable \(name)", .warning, "is not set; connector \(connector) names it")
      }
      return (findings, report)
    } catch {
      return ([Finding("connectors", .error, "\(error)")], LoadReport(entries: []))
    }
  }
}
