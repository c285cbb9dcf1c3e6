internal import Glibc
internal import Synchronization

/// The host's own copy of a library, the only file that is ever mapped.
///
/// Copied, never linked: the dynamic loader recognises a hard link as the old file. `STATE/libraries` has mode
/// 0700, the file 0500 and the name `<sha256>-<generation>.so`.
package struct PrivateCopy: Sendable, Equatable {
  package var path: String
  package var sha256: String
  /// Counts the copies of equal content; the dynamic loader knows each as a library of its own.
  package var generation: Int
}

extension PrivateCopy {
  /// Paths that this process has mapped, and that therefore must not be mapped again as something new.
  private static let taken = Mutex<Set<String>>([])

  /// More generations of one content than any host reaches.
  private static let maximumGeneration = 10_000

  /// Writes `bytes`, or takes an untouched copy that an earlier process left, and checks what is on the disk.
  ///
  /// - Parameters:
  ///   - stateDirectory: created with mode 0700 when absent.
  ///   - write: puts all bytes into an open file, returns an `errno` when it cannot; replaced by tests only.
  package static func make(
    of bytes: [UInt8], sha256: String, stateDirectory: String,
    write: (_ bytes: [UInt8], _ descriptor: Int32) -> Int32? = writeAll
  ) throws(PluginError) -> PrivateCopy {
    let directory = stateDirectory + "/libraries"
    try prepare(stateDirectory)
    try prepare(directory)
    for generation in 1...maximumGeneration {
      let copy = PrivateCopy(
        path: "\(directory)/\(sha256)-\(generation).so", sha256: sha256, generation: generation)
      guard taken.withLock({ $0.insert(copy.path).inserted }) else { continue }
      do throws(CopyFailure) {
        try copy.write(bytes, by: write)
        return copy
      } catch {
        switch error {
        case .exists:
          // Ours from an earlier run, or another process's in the making: only a whole one is used.
          if copy.isIntact { return copy }
        case .errno(let number):
          taken.withLock { _ = $0.remove(copy.path) }
          throw .copyFailed(path: copy.path, reason: FileBytes.words(number))
        case .altered:
          unsafe unlink(copy.path)
          throw .copyFailed(path: copy.path, reason: "what was read back differs from what was written")
        }
      }
    }
    throw .copyFailed(path: directory, reason: "there are \(maximumGeneration) copies of \(sha256)")
  }

  private enum CopyFailure: Error {
    case exists
    case errno(Int32)
    case altered
  }

  private static func prepare(_ directory: String) throws(PluginError) {
    if unsafe mkdir(directory, 0o700) != 0, errno != EEXIST {
      throw .copyFailed(path: directory, reason: FileBytes.words(errno))
    }
    let descriptor = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .copyFailed(path: directory, reason: FileBytes.words(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_uid == geteuid() else {
      throw .copyFailed(path: directory, reason: "the directory belongs to another user")
    }
    if status.st_mode & 0o077 != 0, fchmod(descriptor, 0o700) != 0 {
      throw .copyFailed(path: directory, reason: FileBytes.words(errno))
    }
  }

  /// Calls `open(O_EXCL)` and `write`, then reads back and compares; a partial file is removed.
  private func write(_ bytes: [UInt8], by write: ([UInt8], Int32) -> Int32?) throws(CopyFailure) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o500)
    guard descriptor >= 0 else { throw errno == EEXIST ? .exists : .errno(errno) }
    var failure = write(bytes, descriptor)
    // The umask may have taken bits away.
    if failure == nil, fchmod(descriptor, 0o500) != 0 { failure = errno }
    if close(descriptor) != 0, failure == nil { failure = errno }
    if let failure {
      unsafe unlink(path)
      throw .errno(failure)
    }
    guard isIntact else { throw .altered }
  }

  package static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    unsafe bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
        let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : ENOSPC }
        written += count
      }
      return nil
    }
  }

  /// The file is a plain one of ours, closed to others, and has the hash that its name promises.
  private var isIntact: Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), status.st_mode & 0o777 == 0o500,
      let bytes = try? FileBytes.read(
        descriptor, expecting: Int(status.st_size), maximum: LibraryResolver.maximumBytes),
      let digest = try? SHA256Digest(of: bytes)
    else { return false }
    return digest.hex == sha256
  }
}
