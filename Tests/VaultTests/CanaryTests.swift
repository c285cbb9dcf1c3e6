import Secrets
import Testing

@testable import Vault

/// Nothing that the vault hands out, throws or holds shows a key or a secret when it is printed.
@Suite struct CanaryTests {
  @Test func noTypeOfTheVaultPrintsWhatItHolds() async throws {
    let provider = try LocalKeyProvider(text: Secret(sampleKeyText))
    let vault = Vault(provider: provider, tenants: MemoryTenants("acme"))
    let sealer = try await vault.sealer(tenant: "acme")
    let sealed = try sealer.seal(Secret("canary-of-a-secret"), connection: "c", field: "f")
    let opened = try sealer.open(sealed, connection: "c", field: "f")
    let apiKey = try APIKeyText.make()
    var raw = Array(UInt8(0)..<32)
    let key = try #require(KeyBytes(taking: &raw))
    let values: [Any] = [provider, vault, sealer, opened, apiKey, key, MasterKey(key)]
    let canaries = [
      "canary-of-a-secret", "AAECAwQFBgcICQ", "0, 1, 2, 3, 4", "00010203",
      apiKey.secret.reveal { String($0.suffix(43)) },
    ]
    for value in values {
      var dumped = ""
      dump(value, to: &dumped)
      for text in [
        dumped, "\(value)", String(reflecting: value),
        String(describing: Mirror(reflecting: value).children.map(\.value)),
      ] {
        for canary in canaries { #expect(!text.contains(canary), "\(type(of: value))") }
      }
    }
  }

  @Test func noErrorQuotesTheTextOfAMasterKey() {
    for text in ["patchbay-master-v1:canarycanarycanary", "canary" + sampleKeyText, sampleKeyText + "canary"]
    {
      #expect { try LocalKeyProvider(text: Secret(text)) } throws: { error in
        let said = "\(error) \(String(reflecting: error))"
        return said.contains("PATCHBAY_MASTER_KEY") && !said.contains("canary") && !said.contains("AAECAw")
      }
    }
  }
}
