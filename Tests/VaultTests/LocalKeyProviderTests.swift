import Glibc
import Ports
import Secrets
import TestTools
import Testing

@testable import Vault

@Suite struct LocalKeyProviderTests {
  let scratch = ScratchDirectory()
  private var path: String { scratch.file("master.key") }

  private func write(_ text: String, mode: mode_t = 0o600) {
    scratch.write(Array(text.utf8), to: "master.key")
    unsafe chmod(path, mode)
  }

  @Test func firstStartMakesAFileThatOnlyItsOwnerReads() async throws {
    let first = try await LocalKeyProvider.atStart(file: path, text: nil, tenants: MemoryTenants("acme"))
    var facts = stat()
    unsafe stat(path, &facts)
    #expect(facts.st_mode & 0o777 == 0o600)
    let text = String(decoding: readAll(path), as: UTF8.self)
    #expect(text.hasPrefix("patchbay-master-v1:"))
    #expect(text.utf8.count == 64)
    let wrapped = try first.wrap(KeyBytes.random(), tenant: "acme")
    let second = try await LocalKeyProvider.atStart(file: path, text: nil, tenants: MemoryTenants("acme"))
    _ = try second.unwrap(wrapped, tenant: "acme")
    #expect(files() == ["master.key"])
  }

  @Test func manyFirstStartsAtOnceAgreeOnOneKey() async throws {
    let providers = try await withThrowingTaskGroup(of: LocalKeyProvider.self) { group in
      for _ in 0..<16 {
        group.addTask {
          try await LocalKeyProvider.atStart(file: path, text: nil, tenants: MemoryTenants("acme"))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let wrapped = try providers[0].wrap(KeyBytes.random(), tenant: "acme")
    for provider in providers { _ = try provider.unwrap(wrapped, tenant: "acme") }
    #expect(files() == ["master.key"])
  }

  @Test func fileThatIsMissingWhileSecretsAreStoredIsNotMadeAnew() async throws {
    let tenants = MemoryTenants("acme")
    let provider = try await LocalKeyProvider.atStart(file: path, text: nil, tenants: tenants)
    _ = try await Vault(provider: provider, tenants: tenants).sealer(tenant: "acme")
    unsafe unlink(path)
    await #expect(throws: VaultError.masterKeyMissing(path: path)) {
      try await LocalKeyProvider.atStart(file: path, text: nil, tenants: tenants)
    }
    #expect(files() == [])
  }

  @Test(arguments: [0o640, 0o604, 0o620, 0o777] as [mode_t])
  func fileThatOthersMayTouchIsRefused(mode: mode_t) {
    write(sampleKeyText, mode: mode)
    #expect { try LocalKeyProvider(file: path, makesFile: true) } throws: { error in
      "\(error)".contains("chmod 600 \(path)")
    }
  }

  @Test(arguments: [
    "", "patchbay-master-v2:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "patchbay-master-v1:",
    "patchbay-master-v1:AAECAwQFBgcICQoLDA0ODw==", sampleKeyText + "\n\n", sampleKeyText + "A",
    "\n" + sampleKeyText,
    sampleKeyText.replacing("=", with: ""), sampleKeyText.replacing("AAEC", with: "AA C"),
  ])
  func textThatIsNoKeyIsRefusedAndNotReplaced(text: String) {
    write(text)
    #expect { try LocalKeyProvider(file: path, makesFile: true) } throws: { error in
      "\(error)".contains(path) && "\(error)".contains("restore it from a backup")
    }
    #expect(readAll(path) == Array(text.utf8))
    #expect(throws: VaultError.self) { try LocalKeyProvider(text: Secret(text)) }
  }

  @Test func textThatIsGivenOverridesTheFile() async throws {
    write("nonsense")
    let given = try await LocalKeyProvider.atStart(
      file: path, text: Secret(sampleKeyText + "\n"), tenants: MemoryTenants())
    let wrapped = try given.wrap(KeyBytes.random(), tenant: "acme")
    write(sampleKeyText)
    _ = try LocalKeyProvider(file: path, makesFile: false).unwrap(wrapped, tenant: "acme")
  }

  @Test func directoryIsNoKey() {
    unsafe mkdir(path, 0o700)
    #expect { try LocalKeyProvider(file: path, makesFile: true) } throws: { error in
      "\(error)".contains("is no file")
    }
  }

  @Test func directoryThatIsMissingIsNamed() {
    #expect { try LocalKeyProvider(file: "/proc/patchbay/master.key", makesFile: true) } throws: { error in
      "\(error)".contains("/proc/patchbay/master.key") && "\(error)".contains("No such file")
    }
  }

  private func files() -> [String] {
    guard let directory = unsafe opendir(scratch.path) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
