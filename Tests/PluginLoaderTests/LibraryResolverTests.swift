import Glibc
import TestTools
import Testing

@testable import Manifest
@testable import PluginLoader

struct LibraryResolverTests {
  private func library(_ files: [String: String]) -> Manifest.Library {
    Manifest.Library(files: files.mapValues { Manifest.Library.File(path: $0, sha256: nil) })
  }

  private func resolve(
    _ files: [String: String], in searchPath: [String], platform: String = "linux-x86_64"
  ) -> (path: String?, error: PluginError?, tried: [String]) {
    var attempts: [LoadReport.Attempt] = []
    do throws(PluginError) {
      let found = try LibraryResolver(searchPath: searchPath, platform: platform)
        .resolve(library(files), attempts: &attempts)
      return (found.path, nil, attempts.map(\.path))
    } catch {
      return (nil, error, attempts.map(\.path))
    }
  }

  @Test func firstDirectoryThatHasTheFileWins() {
    let (one, two) = (ScratchDirectory(), ScratchDirectory())
    one.write([1], to: "liba.so")
    two.write([2], to: "liba.so")
    #expect(
      resolve(["any": "liba.so"], in: ["/nowhere", one.path + "/", two.path]).path == one.file("liba.so"))
  }

  @Test func ownPlatformComesBeforeAny() {
    let scratch = ScratchDirectory()
    scratch.write([1], to: "x86.so")
    scratch.write([1], to: "arm.so")
    scratch.write([1], to: "any.so")
    let files = ["linux-x86_64": "x86.so", "linux-aarch64": "arm.so", "any": "any.so"]
    #expect(resolve(files, in: [scratch.path]).path == scratch.file("x86.so"))
    #expect(resolve(files, in: [scratch.path], platform: "linux-aarch64").path == scratch.file("arm.so"))
    #expect(resolve(files, in: [scratch.path], platform: "linux-riscv64").path == scratch.file("any.so"))
  }

  @Test func platformWithoutALibraryIsNamedWithWhatThereIs() {
    let error = resolve(["linux-aarch64": "arm.so"], in: []).error
    #expect(
      error?.description
        == "the manifest names no library for linux-x86_64, only for linux-aarch64; add one under `library`")
  }

  @Test func absolutePathIgnoresTheSearchPath() {
    let scratch = ScratchDirectory()
    let path = scratch.write([1], to: "liba.so")
    #expect(resolve(["any": path], in: []).path == path)
  }

  @Test func emptySearchPathIsNamed() {
    #expect(resolve(["any": "liba.so"], in: []).error?.description.contains("search path is empty") == true)
  }

  @Test func relativePathMayNotClimb() {
    #expect(resolve(["any": "../liba.so"], in: ["/tmp"]).error == .leavesSearchPath("../liba.so"))
  }

  @Test func whatIsFoundButNoFileEndsTheSearch() {
    let (one, two) = (ScratchDirectory(), ScratchDirectory())
    unsafe mkdir(one.file("liba.so"), 0o700)
    two.write([1], to: "liba.so")
    let (path, error, tried) = resolve(["any": "liba.so"], in: [one.path, two.path])
    #expect(path == nil && error?.code == "unreadable" && tried == [one.file("liba.so")])
  }

  @Test func namedPipeIsRefusedWithoutWaiting() {
    let scratch = ScratchDirectory()
    unsafe mkfifo(scratch.file("liba.so"), 0o600)
    #expect(resolve(["any": "liba.so"], in: [scratch.path]).error?.code == "unreadable")
  }
}
