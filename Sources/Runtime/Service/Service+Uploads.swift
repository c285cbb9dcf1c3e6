internal import ConnectorModel
package import Ports
internal import Telemetry

/// The bytes of an upload as they come in.
package struct UploadBody: Sendable {
  /// Hands over piece by piece, each once the one before was taken; throws what ended the bytes early.
  package let read: @Sendable (_ take: @Sendable ([UInt8]) async throws -> Void) async throws -> Void

  package init(
    _ read:
      @escaping @Sendable (_ take: @Sendable ([UInt8]) async throws -> Void) async throws -> Void
  ) {
    self.read = read
  }
}

extension Service {
  /// Bytes that one upload may have.
  package var largestUpload: UInt64 { library.limits.blob }

  /// Keeps media for a day, and for as long as jobs need it, without ever having it in memory.
  ///
  /// - Throws: `ServiceError`, and what the body throws.
  package func upload(_ body: UploadBody, by principal: Principal) async throws -> Upload {
    try principal.require(.publish)
    let writer = library.writer()
    do {
      try await body.read { bytes in
        try await NamedThread.run("patchbay-upload") { try writer.write(bytes) }
      }
      guard writer.size > 0 else {
        throw ServiceError(.invalidInput, "the body is empty; send the file's bytes")
      }
      let now = clock.unixNanoseconds
      let id = RecordID.make(.upload, now: now)
      let blob = try await library.keep(writer, for: .upload(id), tenant: principal.tenant)
      log.tell(.info, "upload.kept", message: "\(blob.size) bytes of \(blob.type)")
      return Upload(id: id, tenant: principal.tenant, blob: BlobRecord(blob), createdAt: now)
    } catch let error as BlobError {
      throw ServiceError(error)
    }
  }

  package func upload(_ id: String, by principal: Principal) async throws(ServiceError) -> Upload {
    try principal.require(.read)
    let upload = try await stored { () async throws(StoreError) in
      try await self.store.upload(id, tenant: principal.tenant)
    }
    guard let upload else {
      throw ServiceError(.notFound, "there is no upload \(id); uploads stay for a day")
    }
    return upload
  }

  /// Jobs that were given it keep it.
  package func removeUpload(_ id: String, by principal: Principal) async throws(ServiceError) {
    try principal.require(.publish)
    let now = clock.unixNanoseconds
    let isRemoved = try await stored { () async throws(StoreError) in
      try await self.store.removeUpload(id, tenant: principal.tenant, now: now)
    }
    guard isRemoved else { throw ServiceError(.notFound, "there is no upload \(id)") }
  }
}

extension BlobRecord {
  init(_ blob: StoredBlob) {
    self.init(
      sha256: blob.sha256, size: blob.size, type: blob.type, width: blob.width, height: blob.height,
      durationMilliseconds: blob.durationMilliseconds)
  }
}

extension ServiceError {
  init(_ error: BlobError) {
    switch error.kind {
    case .tooLarge: self.init(.invalidInput, "the media is refused: \(error.message)")
    case .missing: self.init(.notFound, error.message)
    case .full, .unavailable: self.init(.storeUnavailable, error.message, retryAfter: .seconds(60))
    }
  }
}
