/// What a host knows of the blobs it keeps: their facts, and who needs them.
///
/// Their bytes lie in files.
package protocol BlobRecords: Sendable {
  /// Notes a blob and that `holder` needs it; the same holder again is the same.
  ///
  /// - Parameter capacity: bytes of all different blobs that one tenant may hold.
  /// - Returns: false, with nothing noted, when the tenant would hold more.
  func keep(
    _ blob: BlobRecord, for holder: BlobHolder, tenant: String, capacity: UInt64, now: UInt64
  )
    async throws(StoreError) -> Bool
  /// Nil where there is none of that tenant.
  func upload(_ id: String, tenant: String) async throws(StoreError) -> Upload?
  /// False where there was none of that tenant.
  func removeUpload(_ id: String, tenant: String, now: UInt64) async throws(StoreError) -> Bool
  /// By their numbers within the job's operation.
  func blobs(of job: String) async throws(StoreError) -> [UInt64: BlobRecord]
  /// Forgets uploads made before `cutoff` and the needs of jobs that cannot run again, at most `limit` of each, and
  /// names at most `limit` blobs that nobody has needed since `cutoff`.
  func unneededBlobs(since cutoff: UInt64, now: UInt64, limit: Int) async throws(StoreError)
    -> [String]
  /// Forgets a blob unless somebody needs it again; false then.
  func forgetBlob(_ sha256: String) async throws(StoreError) -> Bool
}

/// What is known of a blob, without where it is.
package struct BlobRecord: Sendable, Equatable {
  /// Of its bytes, in lower-case hexadecimal.
  package var sha256: String
  /// In bytes.
  package var size: UInt64
  /// What the bytes themselves show.
  package var type: String
  /// In pixels.
  package var width: Int?
  package var height: Int?
  package var durationMilliseconds: Int?

  package init(
    sha256: String, size: UInt64, type: String, width: Int? = nil, height: Int? = nil,
    durationMilliseconds: Int? = nil
  ) {
    self.sha256 = sha256
    self.size = size
    self.type = type
    self.width = width
    self.height = height
    self.durationMilliseconds = durationMilliseconds
  }
}

/// Who needs a blob.
package enum BlobHolder: Sendable, Equatable {
  /// An upload's id.
  case upload(String)
  /// A job's id, and the blob's number within its operation.
  case job(String, number: UInt64)
}

/// Media that a tenant's application sent, to be named in payloads.
package struct Upload: Sendable, Equatable {
  package var id: String
  package var tenant: String
  package var blob: BlobRecord
  /// Nanoseconds since 1970.
  package var createdAt: UInt64

  package init(id: String, tenant: String, blob: BlobRecord, createdAt: UInt64) {
    self.id = id
    self.tenant = tenant
    self.blob = blob
    self.createdAt = createdAt
  }
}
