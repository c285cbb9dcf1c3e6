internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// Holds a state directory for one host: `host.lock` in it, by `flock`, with the holder's process id as its text.
///
/// The kernel lets it go with the process, however that ends.
@safe final class StateLock: Sendable {
  /// Nil when it is let go.
  private let descriptor: Mutex<Int32?>

  /// Calls `open` and `flock`.
  ///
  /// - Throws: `RuntimeError` that names the process that holds it.
  init(_ directory: String) throws(RuntimeError) {
    let path = directory + "/host.lock"
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw RuntimeError(
        "\(path) cannot be opened: \(reason); let the host's user write there, or name another state "
          + "directory with --state")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let holder = Self.text(of: descriptor)
      close(descriptor)
      throw RuntimeError(
        "the state directory \(directory) is in use by the host with process id \(holder); stop that one, "
          + "or name another directory with --state: an embedded store has one host")
    }
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    _ = unsafe pwrite(descriptor, text, text.count, 0)
    self.descriptor = Mutex(descriptor)
  }

  deinit { release() }

  /// Lets the directory go; may be called more than once.
  func release() { descriptor.withLock { $0.take() }.map { _ = close($0) } }

  private static func text(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
    let digits = bytes.prefix(max(0, count)).prefix { (48...57).contains($0) }
    return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
  }
}
