internal import ConnectorModel
internal import Egress
internal import Ports
internal import Vault

/// The media of one call: files of the caller's own, read where they are, and what is fetched for it.
struct CallMedia: MediaShelf, BlobKeeper {
  /// Removed with the host's scratch when the call ends.
  let directory: BlobDirectory
  let fetcher: MediaFetcher
  /// Paths by the names that the input uses.
  let files: [String: String]

  static let largest: UInt64 = 4 << 30

  func known(_ number: UInt64) -> StoredBlob? { nil }

  func take(_ name: MediaPlace.Name, number: UInt64, limit: UInt64?) async throws(OperationError)
    -> StoredBlob
  {
    do {
      switch name {
      case .url(let url):
        let directory = directory
        let writer = try await fetcher.fetch(url, timeout: JobMedia.patience) {
          directory.writer(limit: min(limit ?? .max, Self.largest))
        }
        return try await keep(writer, type: "", number: number)
      case .upload(let name):
        guard let path = files[name] else {
          throw OperationError(
            .invalidInput, "there is no upload \(name); name its file with --upload \(name)=FILE")
        }
        return try await NamedThread.run("patchbay-blobs") { try Self.blob(at: path) }
      case .malformed: throw OperationError(.invalidInput, "it is not named as media")
      }
    } catch {
      throw JobMedia.told(error)
    }
  }

  func writer() -> BlobWriter { directory.writer(limit: Self.largest) }

  func keep(_ writer: BlobWriter, type: String, number: UInt64) async throws(BlobError)
    -> StoredBlob
  {
    let directory = directory
    do {
      return try await NamedThread.run("patchbay-blobs") {
        let finished = try writer.finish()
        let content = try directory.install(finished)
        return StoredBlob(
          content, try MediaProbe.record(of: content, size: finished.size, sha256: finished.sha256))
      }
    } catch let error as BlobError {
      throw error
    } catch {
      throw BlobError(.unavailable, "\(error)")
    }
  }

  private static func blob(at path: String) throws(BlobError) -> StoredBlob {
    let file = try BlobFile(path)
    let digest = SHA256Stream()
    var offset: UInt64 = 0
    while offset < file.size {
      let piece = try file.read(at: offset, count: 1 << 20)
      if piece.isEmpty { break }
      digest.update(piece)
      offset += UInt64(piece.count)
    }
    let content = StoredBlob.Content.file(path)
    return StoredBlob(
      content,
      try MediaProbe.record(of: content, size: file.size, sha256: digest.finish().hexadecimal))
  }
}

extension StoredBlob {
  init(_ content: Content, _ record: BlobRecord) {
    self.init(
      content, size: record.size, type: record.type, sha256: record.sha256, width: record.width,
      height: record.height, durationMilliseconds: record.durationMilliseconds)
  }
}
