internal import Glibc

/// Reads files whole and bounded, with errors as words.
enum FileBytes {
  /// What `errno` means, in lower case.
  static func words(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "permission denied"
    case ENOSPC, EDQUOT: "no space left on device"
    case EROFS: "the file system is read-only"
    case ENOTDIR: "a part of the path is not a directory"
    case EISDIR: "it is a directory"
    case ELOOP: "it is a symbolic link"
    case EMFILE, ENFILE: "too many open files"
    case EIO: "the device failed"
    case EFBIG: "the file would be too large"
    case ENAMETOOLONG: "the path is too long"
    default: "error \(number)"
    }
  }

  enum Failure: Error, Equatable {
    case errno(Int32)
    case notAFile
    case tooLarge(Int)
  }

  /// The bytes of a regular file, opened once with `open(O_CLOEXEC)` so that what is checked is what was read.
  static func read(_ path: String, maximum: Int) throws(Failure) -> [UInt8] {
    // O_NONBLOCK: opening a named pipe must not wait for its writer; it changes nothing for files.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .errno(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .errno(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
    guard status.st_size <= maximum else { throw .tooLarge(Int(status.st_size)) }
    return try read(descriptor, expecting: Int(status.st_size), maximum: maximum)
  }

  /// The rest of an open file; calls `read(2)`.
  static func read(_ descriptor: Int32, expecting size: Int, maximum: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while true {
      var outcome = 0
      var code: Int32 = 0
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, filled in
        repeat {
          outcome = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        } while outcome < 0
          && errno == EINTR
        code = errno
        filled = max(outcome, 0)
      }
      guard outcome >= 0 else { throw .errno(code) }
      if outcome == 0 { return bytes }
      guard bytes.count + chunk.count <= maximum else { throw .tooLarge(bytes.count + chunk.count) }
      bytes += chunk
    }
  }
}
