#if canImport(Glibc)
  internal import Glibc
#endif

/// Blobs as files named after their SHA-256, each below a folder of its first two digits; readable by the owner alone.
///
/// One process at a time uses a directory. Every call blocks for as long as the disk takes.
package struct BlobDirectory: Sendable {
  package let path: String
  private let makeDigest: @Sendable () -> any StreamingDigest

  /// Makes the directory where it is missing and removes what writers of an earlier process left behind.
  ///
  /// Calls `mkdir`, `opendir`, `unlink`.
  package init(_ path: String, makeDigest: @escaping @Sendable () -> any StreamingDigest)
    throws(BlobError)
  {
    self.path = path
    self.makeDigest = makeDigest
    for folder in [path, path + "/incoming"]
    where unsafe mkdir(folder, 0o700) != 0 && errno != EEXIST {
      throw BlobError(.unavailable, "the directory \(folder) cannot be made: \(FileFault.words)")
    }
    guard let listing = unsafe opendir(path + "/incoming") else { return }
    while let entry = unsafe readdir(listing) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if !name.hasPrefix(".") { _ = unsafe unlink("\(path)/incoming/\(name)") }
    }
    unsafe closedir(listing)
  }

  /// - Parameter limit: bytes of the blob.
  package func writer(limit: UInt64) -> BlobWriter {
    BlobWriter(in: path + "/incoming", limit: limit, digest: makeDigest())
  }

  /// Where the blob with this digest is, if it is kept.
  package func place(of sha256: String) -> String { "\(path)/\(sha256.prefix(2))/\(sha256)" }

  /// Gives a finished blob its name, durably; one that is there already stays.
  ///
  /// Calls `mkdir`, `rename`, `fsync`.
  package func install(_ blob: BlobWriter.Finished) throws(BlobError) -> StoredBlob.Content {
    let place = place(of: blob.sha256)
    let folder = "\(path)/\(blob.sha256.prefix(2))"
    guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST, unsafe rename(blob.path, place) == 0
    else {
      throw BlobError(.unavailable, "a blob cannot be given its name: \(FileFault.words)")
    }
    for folder in [folder, path] {
      let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      fsync(descriptor)
      close(descriptor)
    }
    return .file(place)
  }

  /// Removes a blob that nothing refers to; one that is not there is no fault.
  ///
  /// Calls `unlink`.
  package func remove(_ sha256: String) { _ = unsafe unlink(place(of: sha256)) }
}
