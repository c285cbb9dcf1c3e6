#if canImport(Glibc)
  internal import Glibc
#endif

/// A blob's file, open for reading; closes itself.
///
/// From any thread; a read blocks for as long as the disk takes.
package final class BlobFile: Sendable {
  private let descriptor: Int32
  /// In bytes, when it was opened.
  package let size: UInt64

  /// Calls `open` and `fstat`.
  package init(_ path: String) throws(BlobError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw BlobError(
        errno == ENOENT ? .missing : .unavailable,
        "the file of a blob cannot be opened: \(FileFault.words)")
    }
    var facts = stat()
    guard unsafe fstat(descriptor, &facts) == 0 else {
      let words = FileFault.words
      close(descriptor)
      throw BlobError(.unavailable, "the file of a blob cannot be looked at: \(words)")
    }
    self.descriptor = descriptor
    size = UInt64(clamping: facts.st_size)
    // It will be read from front to back: the kernel reads ahead, so that single reads find their bytes in memory.
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { close(descriptor) }

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  ///
  /// Calls `pread`.
  package func read(at offset: UInt64, count: Int) throws(BlobError) -> [UInt8] {
    var fault = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
      length = 0
      while length < count {
        let rest = unsafe UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[length...])
        let got = unsafe pread(
          descriptor, rest.baseAddress, rest.count, off_t(clamping: offset) + off_t(length))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          fault = got < 0
          return
        }
        length += got
      }
    }
    if fault { throw BlobError(.unavailable, "the file of a blob cannot be read; check the disk") }
    return bytes
  }
}

/// The last error of the C library on this thread, in words.
enum FileFault {
  static var words: String { unsafe String(cString: strerror(errno)) }
}
