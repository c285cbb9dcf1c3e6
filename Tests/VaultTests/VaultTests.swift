import Ports
import Secrets
import Synchronization
import Testing

@testable import Vault

@Suite struct VaultTests {
  let tenants = MemoryTenants("acme", "umbrella")

  private func makeVault(_ text: String = sampleKeyText) throws -> Vault {
    Vault(provider: try LocalKeyProvider(text: Secret(text)), tenants: tenants)
  }

  @Test func sealedSecretOpensInItsPlaceAndAfterARestart() async throws {
    let secret = Secret("0123456789abcdef-us19")
    let sealed = try await makeVault().seal(secret, tenant: "acme", connection: "con_1", field: "key")
    let later = try makeVault()
    #expect(try await later.open(sealed, tenant: "acme", connection: "con_1", field: "key") == secret)
    let again = try await later.seal(secret, tenant: "acme", connection: "con_1", field: "key")
    #expect(again != sealed, "a nonce was used twice")
  }

  @Test(arguments: [
    ("umbrella", "con_1", "key"), ("acme", "con_2", "key"), ("acme", "con_1", "token"),
    ("acme", "con_1k", "ey"),
    ("acme", "", "con_1key"),
  ])
  func secretThatMovedToAnotherPlaceDoesNotOpen(tenant: String, connection: String, field: String)
    async throws
  {
    let vault = try makeVault()
    let sealed = try await vault.seal(Secret("s"), tenant: "acme", connection: "con_1", field: "key")
    await #expect(throws: VaultError.doesNotOpen(what: "the secret \(field) of connection \(connection)")) {
      try await vault.open(sealed, tenant: tenant, connection: connection, field: field)
    }
  }

  @Test func rowOpensWithItsContextOnlyAndIsNoSecret() async throws {
    let vault = try makeVault()
    let row = try await vault.seal(bytes: [0, 255, 7], tenant: "acme", context: "job_1/3")
    #expect(try await vault.open(bytes: row, tenant: "acme", context: "job_1/3") == [0, 255, 7])
    await #expect(throws: VaultError.doesNotOpen(what: "the sealed row job_1/4")) {
      try await vault.open(bytes: row, tenant: "acme", context: "job_1/4")
    }
    let sealer = try await vault.sealer(tenant: "acme")
    #expect(try sealer.open(bytes: sealer.seal(bytes: [], context: "c"), context: "c") == [])
    #expect(throws: VaultError.self) { try sealer.open(row, connection: "job_1", field: "3") }
  }

  @Test func everyFlippedBitAndEveryCutIsRefused() async throws {
    let sealer = try await makeVault().sealer(tenant: "acme")
    let sealed = try sealer.seal(Secret("a secret"), connection: "con_1", field: "key")
    for bit in 0..<(sealed.count * 8) {
      var altered = sealed
      altered[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: VaultError.self, "bit \(bit)") {
        try sealer.open(altered, connection: "con_1", field: "key")
      }
    }
    for count in 0..<sealed.count {
      #expect(throws: VaultError.self, "\(count) bytes") {
        try sealer.open(Array(sealed.prefix(count)), connection: "con_1", field: "key")
      }
    }
    #expect(throws: VaultError.unknownVersion(2, what: "the secret key of connection con_1")) {
      try sealer.open([2] + sealed.dropFirst(), connection: "con_1", field: "key")
    }
  }

  @Test func tenantsHaveDifferentDataKeysAndNoneIsStoredInTheClear() async throws {
    let vault = try makeVault()
    for tenant in ["acme", "umbrella"] { _ = try await vault.sealer(tenant: tenant) }
    let provider = try LocalKeyProvider(text: Secret(sampleKeyText))
    let stored = tenants.state.withLock { $0.tenants }
    let keys = try stored.map { try provider.unwrap($0.dataKey ?? [], tenant: $0.id).reveal { Array($0) } }
    #expect(keys[0] != keys[1])
    for (tenant, key) in zip(stored, keys) {
      #expect(!(tenant.dataKey ?? []).starts(with: key))
      #expect(throws: VaultError.otherMasterKey(tenant: "other", source: "PATCHBAY_MASTER_KEY")) {
        try provider.unwrap(tenant.dataKey ?? [], tenant: "other")
      }
    }
  }

  @Test func changedMasterKeyIsToldWithWhatToDo() async throws {
    _ = try await makeVault().sealer(tenant: "acme")
    let other = sampleKeyText.replacing("AAEC", with: "BBBB")
    let vault = try makeVault(other)
    await #expect { try await vault.sealer(tenant: "acme") } throws: { error in
      "\(error)".contains("tenant acme") && "\(error)".contains("Restore the earlier key")
    }
    await #expect(throws: VaultError.otherMasterKey(tenant: "acme", source: "PATCHBAY_MASTER_KEY")) {
      try await vault.check()
    }
    try await makeVault().check()
  }

  @Test func manyFirstSealsAtOnceMakeOneDataKey() async throws {
    let vault = try makeVault()
    let sealed = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for number in 0..<100 {
        group.addTask {
          try await vault.seal(Secret("\(number)"), tenant: "acme", connection: "c", field: "f")
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(tenants.state.withLock { [$0.reads, $0.keeps] } == [1, 1])
    let later = try makeVault()
    var texts: Set<Secret> = []
    for bytes in sealed {
      texts.insert(try await later.open(bytes, tenant: "acme", connection: "c", field: "f"))
    }
    #expect(texts == Set((0..<100).map { Secret("\($0)") }))
  }

  @Test func dataKeyThatAnotherHostStoredFirstIsUsed() async throws {
    let rivals = MemoryTenants("acme")
    let rival = Vault(provider: try LocalKeyProvider(text: Secret(sampleKeyText)), tenants: rivals)
    let sealed = try await rival.seal(Secret("theirs"), tenant: "acme", connection: "c", field: "f")
    let wrapped = rivals.state.withLock { $0.tenants[0].dataKey }
    tenants.state.withLock { $0.rival = wrapped }
    let opened = try await makeVault().open(sealed, tenant: "acme", connection: "c", field: "f")
    #expect(opened == Secret("theirs"))
  }

  @Test func failureOfTheStoreIsPassedOnAndForgotten() async throws {
    let vault = try makeVault()
    tenants.state.withLock { $0.failure = StoreError(.unavailable, "the store is closed") }
    await #expect(throws: VaultError.store(StoreError(.unavailable, "the store is closed"))) {
      try await vault.sealer(tenant: "acme")
    }
    tenants.state.withLock { $0.failure = nil }
    _ = try await vault.sealer(tenant: "acme")
    await #expect(throws: VaultError.noTenant("nobody")) { try await vault.sealer(tenant: "nobody") }
  }

  @Test func tooLongTextIsRefusedBeforeItIsSealed() async throws {
    let sealer = try await makeVault().sealer(tenant: "acme")
    #expect(throws: VaultError.tooLong(bytes: Envelope.maximumBytes + 1, what: "the sealed row c")) {
      try sealer.seal(bytes: [UInt8](repeating: 0, count: Envelope.maximumBytes + 1), context: "c")
    }
  }
}
