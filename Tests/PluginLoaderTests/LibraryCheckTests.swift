import TestTools
import Testing

@testable import PluginLoader

/// Which Swift runtime a library needs, decided before it is opened.
@Suite(.offThePool, .needsClang) struct LibraryCheckTests {
  private let host = HostFacts.ofThisProcess()

  private func directory() throws -> String { try #require(host.swiftRuntime).directory }

  private func check(_ bytes: [UInt8], host: HostFacts? = nil) throws(PluginError) -> [String] {
    try LibraryCheck(host: host ?? self.host).check(bytes, path: "/plugins/libx.so")
  }

  private func refusal(_ bytes: [UInt8], host: HostFacts? = nil) -> PluginError? {
    do throws(PluginError) {
      _ = try check(bytes, host: host)
      return nil
    } catch {
      return error
    }
  }

  @Test func libraryOfTheHostsOwnRuntimeIsAccepted() throws {
    let bytes = try Fixture.library([
      "-DVARIANT_SWIFT_SYMBOL=\"swift_retain\"", "\(directory())/libswiftCore.so", "-Wl,--no-as-needed",
    ])
    #expect(try ELFImage(parsing: bytes).needed.contains("libswiftCore.so"))
    #expect(try check(bytes) == [])
  }

  @Test func symbolThatTheHostsRuntimeLacksIsNamed() throws {
    let symbol = "$s4Core9inventedByyF"
    let bytes = try Fixture.library([
      "-DVARIANT_SWIFT_SYMBOL=\"\(symbol)\"", "-Wl,--no-as-needed", "\(directory())/libswiftCore.so",
    ])
    let error = try #require(refusal(bytes))
    #expect(error.code == "foreign_swift_runtime")
    #expect(
      error.description
        == "/plugins/libx.so needs another Swift runtime than this host's: \(try directory()) has no "
        + "symbol \(symbol); build it with -static-stdlib or with the host's toolchain")
  }

  @Test func runtimeLibraryThatTheHostLacksIsNamed() throws {
    let scratch = ScratchDirectory()
    let stub = try Fixture.stub(soname: "libswiftInvented.so", in: scratch)
    let bytes = try Fixture.library(["-Wl,--no-as-needed", stub])
    #expect(refusal(bytes)?.description.contains("libswiftInvented.so is not in \(try directory())") == true)
  }

  @Test func hostThatCarriesItsRuntimeInsideRefusesDynamicSwift() throws {
    let bytes = try Fixture.library(["-Wl,--no-as-needed", "\(directory())/libswiftCore.so"])
    let error = refusal(bytes, host: HostFacts(machine: host.machine, swiftRuntime: nil))
    #expect(error?.description.contains("the host carries its runtime inside") == true)
  }

  @Test func libraryThatIsNeitherSystemNorRuntimeIsASibling() throws {
    let scratch = ScratchDirectory()
    let stub = try Fixture.stub(soname: "libcurl.so.4", in: scratch)
    let bytes = try Fixture.library(["-Wl,--no-as-needed", stub])
    #expect(refusal(bytes) == .needsSibling(path: "/plugins/libx.so", library: "libcurl.so.4"))
  }

  @Test func exportsBesideTheEntryAreNoted() throws {
    let notes = try check(
      Fixture.library(["-fvisibility=default", "-DVARIANT_EXTRA=1", "-Wl,-E", "-Dstatic="]))
    #expect(
      notes.count == 1 && notes[0].hasSuffix("more symbols than its entry; a version script hides them"))
  }

  @Test func newestOfSeveralMajorsDoesNotHideOurs() throws {
    let both = try Fixture.library(["-Wl,--defsym,patchbay_connector_entry_v2=patchbay_connector_entry_v1"])
    #expect(try ELFImage(parsing: both).exports.contains("patchbay_connector_entry_v2"))
    #expect(refusal(both) == nil)
  }

  @Test(arguments: [
    ("libswiftCore.so", true), ("libswift_Concurrency.so", true), ("libFoundationEssentials.so", true),
    ("lib_FoundationICU.so", true), ("libdispatch.so", true), ("libc.so.6", false), ("libcurl.so.4", false),
  ])
  func swiftRuntimeIsKnownByItsNames(name: String, isRuntime: Bool) {
    #expect(LibraryCheck.isSwiftRuntime(name) == isRuntime)
  }

  @Test func thirtyTwoBitsAndBigEndianAreOtherMachines() throws {
    var bytes = try Fixture.library()
    bytes[4] = 1
    #expect(refusal(bytes)?.description.contains("is built for a 32-bit machine, this host is") == true)
    bytes[4] = 2
    bytes[5] = 2
    #expect(refusal(bytes)?.description.contains("is built for a big-endian machine, this host is") == true)
  }
}
