package import Ports
package import Secrets

/// Wraps data keys under the master key of this host.
package struct LocalKeyProvider: KeyProvider {
  private let masterKey: MasterKey
  /// Where the key came from, for people.
  private let source: String

  /// The master key from its text, as `PATCHBAY_MASTER_KEY` gives it.
  ///
  /// - Throws: `masterKeyText`.
  package init(text: Secret) throws(VaultError) {
    var bytes = text.reveal { Array($0.utf8) }
    switch MasterKey.parse(wiping: &bytes) {
    case .success(let key): masterKey = key
    case .failure(let problem): throw .masterKeyText(problem: problem.sentence)
    }
    source = VaultError.variable
  }

  /// The master key from its file, which blocks for as long as the disk does.
  ///
  /// - Parameter makesFile: whether a missing file is made with a new key.
  /// - Throws: `masterKeyFile`, `masterKeyMissing`.
  package init(file path: String, makesFile: Bool) throws(VaultError) {
    let file = MasterKeyFile(path: path)
    source = path
    if let key = try file.read() {
      masterKey = key
    } else if makesFile {
      masterKey = try file.make()
    } else {
      throw .masterKeyMissing(path: path)
    }
  }

  /// What a host does at its start: `text` if there is any, else the file, which is made unless a tenant has a data key
  /// already, since a new master key would not open it.
  ///
  /// - Parameter text: the value of `PATCHBAY_MASTER_KEY`.
  package static func atStart(file path: String, text: Secret?, tenants: any TenantStore)
    async throws(VaultError) -> LocalKeyProvider
  {
    if let text { return try LocalKeyProvider(text: text) }
    let hasSecrets: Bool
    do throws(StoreError) {
      hasSecrets = try await tenants.tenants().contains { $0.dataKey != nil }
    } catch {
      throw .store(error)
    }
    return try await withCheckedContinuation { continuation in
      NamedThread.start("patchbay-key") {
        continuation.resume(
          returning: Result { () throws(VaultError) in
            try LocalKeyProvider(file: path, makesFile: !hasSecrets)
          })
      }
    }.get()
  }

  package func wrap(_ key: KeyBytes, tenant: String) throws(VaultError) -> [UInt8] {
    try key.reveal { (bytes) throws(VaultError) in
      try Envelope.seal(bytes, key: masterKey.key, place: .dataKey(tenant: tenant))
    }
  }

  package func unwrap(_ bytes: [UInt8], tenant: String) throws(VaultError) -> KeyBytes {
    var plain: [UInt8]
    do throws(VaultError) {
      plain = try Envelope.open(bytes, key: masterKey.key, place: .dataKey(tenant: tenant))
    } catch .doesNotOpen {
      throw .otherMasterKey(tenant: tenant, source: source)
    }
    guard let key = KeyBytes(taking: &plain) else {
      throw .doesNotOpen(what: SealedPlace.dataKey(tenant: tenant).description)
    }
    return key
  }
}
