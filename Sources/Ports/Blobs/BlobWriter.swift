internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// Takes the bytes of a blob that is not kept yet, into a file of its own.
///
/// The file is made with the first byte and removed with the writer unless it was installed. Calls of one writer
/// come one after the other, on any thread; each blocks for as long as the disk takes.
package final class BlobWriter: Sendable {
  /// A complete blob in a file that waits to be installed.
  package struct Finished: Sendable, Equatable {
    package var path: String
    package var size: UInt64
    /// Lower-case hexadecimal.
    package var sha256: String
  }

  private struct State {
    var descriptor: Int32 = -1
    var path = ""
    var size: UInt64 = 0
    var isOver = false
  }

  private let folder: String
  private let limit: UInt64
  private let digest: any StreamingDigest
  private let state = Mutex(State())

  /// - Parameter limit: bytes; one more fails with `tooLarge`.
  package init(in folder: String, limit: UInt64, digest: any StreamingDigest) {
    self.folder = folder
    self.limit = limit
    self.digest = digest
  }

  deinit { discard() }

  /// Bytes so far.
  package var size: UInt64 { state.withLock { $0.size } }

  /// Calls `open` the first time, and `write`.
  package func write(_ bytes: [UInt8]) throws(BlobError) {
    let fault: BlobError? = state.withLock { state in
      guard !state.isOver else {
        return BlobError(.unavailable, "the blob was finished or given up before")
      }
      guard UInt64(bytes.count) <= limit - min(limit, state.size) else {
        return BlobError(.tooLarge, "it is larger than \(limit) bytes")
      }
      if state.descriptor < 0, let fault = begin(&state) { return fault }
      var sent = 0
      while sent < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
          let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
          return unsafe Glibc.write(state.descriptor, rest.baseAddress, rest.count)
        }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return Self.fault("write") }
        sent += count
      }
      state.size += UInt64(bytes.count)
      return nil
    }
    if let fault { throw fault }
    digest.update(bytes)
  }

  /// Makes what was written durable and closes the file.
  ///
  /// Calls `fsync`.
  package func finish() throws(BlobError) -> Finished {
    let (fault, path, size): (BlobError?, String, UInt64) = state.withLock { state in
      if state.isOver {
        return (BlobError(.unavailable, "the blob was finished or given up before"), "", 0)
      }
      if state.descriptor < 0, let fault = begin(&state) { return (fault, "", 0) }
      state.isOver = true
      let code = fsync(state.descriptor)
      let fault = code == 0 ? nil : Self.fault("sync")
      close(state.descriptor)
      state.descriptor = -1
      return (fault, state.path, state.size)
    }
    if let fault {
      discard()
      throw fault
    }
    return Finished(path: path, size: size, sha256: digest.finish().hexadecimal)
  }

  /// Removes what was written, unless it has been installed; does nothing the second time.
  package func discard() {
    let path = state.withLock { state in
      if state.descriptor >= 0 { close(state.descriptor) }
      state.descriptor = -1
      state.isOver = true
      defer { state.path = "" }
      return state.path
    }
    if !path.isEmpty { _ = unsafe unlink(path) }
  }

  private func begin(_ state: inout State) -> BlobError? {
    let name = String(UInt64.random(in: .min ... .max), radix: 16)
    let path = "\(folder)/\(name)"
    state.descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard state.descriptor >= 0 else { return Self.fault("open") }
    state.path = path
    return nil
  }

  private static func fault(_ call: String) -> BlobError {
    errno == ENOSPC || errno == EDQUOT
      ? BlobError(
        .full, "the disk is full: free some space below the state directory and try again")
      : BlobError(
        .unavailable,
        "a blob cannot be written (\(call): \(FileFault.words)); check the state directory")
  }
}

extension [UInt8] {
  /// Lower case.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
