internal import Glibc

/// A small file that is replaced whole or not at all.
struct CertificateFile {
  let path: String

  /// Its bytes, or nil where there is no file.
  ///
  /// - Throws: `CertificateError.file` where it exists and cannot be read.
  func read() throws(CertificateError) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw failure("read")
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      guard count >= 0 else { throw failure("read") }
      if count == 0 { return bytes }
      bytes += chunk.prefix(count)
    }
  }

  /// Writes a sibling with `mode`, then renames it over the file.
  func replace(with bytes: [UInt8], mode: mode_t) throws(CertificateError) {
    let sibling = "\(path).new-\(getpid())"
    unsafe unlink(sibling)
    let descriptor = unsafe open(sibling, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("write") }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes[written...].withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress, $0.count)
      }
      guard count > 0 else {
        let error = failure("write")
        close(descriptor)
        unsafe unlink(sibling)
        throw error
      }
      written += count
    }
    // The mode of open() is narrowed by the umask; this one is exact.
    let isComplete = fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0
    let error = failure("write")
    close(descriptor)
    guard isComplete, unsafe rename(sibling, path) == 0 else {
      unsafe unlink(sibling)
      throw error
    }
  }

  /// The failure that `errno` names now.
  func failure(_ operation: String) -> CertificateError {
    .file(path: path, operation: operation, reason: unsafe String(cString: strerror(errno)))
  }
}
