import Glibc
import TestTools
import Testing

@testable import PluginLoader

struct PrivateCopyTests {
  private func make(_ bytes: [UInt8], in scratch: ScratchDirectory) throws -> PrivateCopy {
    try PrivateCopy.make(
      of: bytes, sha256: SHA256Digest(of: bytes).hex, stateDirectory: scratch.file("state"))
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    unsafe stat(path, &status)
    return status.st_mode & 0o777
  }

  @Test func copyAndDirectoriesAreClosedToOthers() throws {
    let scratch = ScratchDirectory()
    let copy = try make(Array("library".utf8), in: scratch)
    #expect(readAll(copy.path) == Array("library".utf8))
    #expect(mode(copy.path) == 0o500)
    #expect(mode(scratch.file("state")) == 0o700 && mode(scratch.file("state/libraries")) == 0o700)
    #expect(copy.path.hasSuffix("/\(copy.sha256)-1.so"))
  }

  @Test func equalContentInOneProcessIsANewGenerationAndInode() throws {
    let scratch = ScratchDirectory()
    let copies = try (1...3).map { _ in try make([1, 2, 3], in: scratch) }
    #expect(copies.map(\.generation) == [1, 2, 3])
    #expect(Set(copies.map(\.path)).count == 3)
  }

  @Test func wholeCopyOfAnEarlierProcessIsTakenOver() throws {
    let scratch = ScratchDirectory()
    let bytes: [UInt8] = [4, 5, 6]
    let hash = try SHA256Digest(of: bytes).hex
    unsafe mkdir(scratch.file("state"), 0o700)
    unsafe mkdir(scratch.file("state/libraries"), 0o700)
    let path = scratch.write(bytes, to: "state/libraries/\(hash)-1.so")
    unsafe chmod(path, 0o500)
    var before = stat()
    unsafe stat(path, &before)
    let copy = try make(bytes, in: scratch)
    var after = stat()
    unsafe stat(copy.path, &after)
    #expect(copy.generation == 1 && before.st_ino == after.st_ino)
  }

  @Test func damagedOrOpenCopyIsNeverTakenOver() throws {
    let scratch = ScratchDirectory()
    let bytes: [UInt8] = [7, 8, 9]
    let hash = try SHA256Digest(of: bytes).hex
    unsafe mkdir(scratch.file("state"), 0o755)
    unsafe mkdir(scratch.file("state/libraries"), 0o755)
    // Another content, a writable file, a symbolic link to the right content.
    unsafe chmod(scratch.write([7, 8], to: "state/libraries/\(hash)-1.so"), 0o500)
    unsafe chmod(scratch.write(bytes, to: "state/libraries/\(hash)-2.so"), 0o755)
    unsafe symlink(scratch.write(bytes, to: "elsewhere"), scratch.file("state/libraries/\(hash)-3.so"))
    #expect(try make(bytes, in: scratch).generation == 4)
    #expect(mode(scratch.file("state/libraries")) == 0o700)
  }

  @Test func stateDirectoryThatCannotBeIsNamed() throws {
    let scratch = ScratchDirectory()
    let error = #expect(throws: PluginError.self) {
      try PrivateCopy.make(of: [1], sha256: "00", stateDirectory: scratch.file("a/b"))
    }
    #expect(
      error?.description
        == "the private copy \(scratch.file("a/b")) cannot be written: there is no such file; "
        + "make room there or choose another state directory")
  }

  /// `/dev/full` answers as a full disk does.
  @Test func fullDiskIsNamedAndLeavesNothingBehind() throws {
    let scratch = ScratchDirectory()
    let error = #expect(throws: PluginError.self) {
      try PrivateCopy.make(
        of: [1, 2], sha256: "11", stateDirectory: scratch.file("state"),
        write: { _, _ in ENOSPC })
    }
    #expect(error?.description.contains("no space left on device") == true)
    #expect(readAll(scratch.file("state/libraries/11-1.so")).isEmpty)
    #expect(unsafe access(scratch.file("state/libraries/11-1.so"), F_OK) != 0)
    #expect(try PrivateCopy.writeAll([1, 2], to: #require(openFull())) == ENOSPC)
  }

  private func openFull() -> Int32? {
    let descriptor = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
    return descriptor < 0 ? nil : descriptor
  }
}
