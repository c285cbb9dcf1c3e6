internal import Ports
internal import Synchronization

/// Every blob of a host: files by their digest, and rows that say who needs them.
///
/// A blob is kept once however often it comes, and removed a day after the last that needed it.
final class BlobLibrary: Sendable {
  struct Limits: Sendable {
    /// Bytes of one blob.
    var blob: UInt64 = 4 << 30
    /// Bytes of all different blobs of one tenant.
    var tenant: UInt64 = 64 << 30
    /// How long a blob stays that nobody needs, and an upload that nobody used.
    var keeping = Duration.seconds(86_400)
  }

  let limits: Limits
  private let directory: BlobDirectory
  private let records: any BlobRecords
  private let clock: any HostClock
  private let busy = Mutex(BusyBlobs())

  init(
    _ directory: BlobDirectory, records: any BlobRecords, clock: any HostClock,
    limits: Limits = Limits()
  ) {
    self.directory = directory
    self.records = records
    self.clock = clock
    self.limits = limits
  }

  /// - Parameter limit: bytes; at most the library's own.
  func writer(limit: UInt64 = .max) -> BlobWriter {
    directory.writer(limit: min(limit, limits.blob))
  }

  /// Keeps what was written for somebody who needs it; durable when it returns.
  ///
  /// - Throws: `full`, `tooLarge` when the tenant holds too much, `unavailable`; nothing is kept then.
  func keep(_ writer: BlobWriter, for holder: BlobHolder, tenant: String) async throws(BlobError)
    -> StoredBlob
  {
    let finished = try await blocking { () throws(BlobError) in try writer.finish() }
    try await reserve(finished.sha256)
    defer { busy.withLock { $0.release(finished.sha256) } }
    let directory = directory
    let record = try await blocking { () throws(BlobError) in
      let content = try directory.install(finished)
      return try MediaProbe.record(of: content, size: finished.size, sha256: finished.sha256)
    }
    try await note(record, for: holder, tenant: tenant)
    return blob(record)
  }

  /// Lets another need a blob that is kept already.
  func keep(_ record: BlobRecord, for holder: BlobHolder, tenant: String) async throws(BlobError)
    -> StoredBlob
  {
    try await note(record, for: holder, tenant: tenant)
    return blob(record)
  }

  func upload(_ id: String, tenant: String) async throws(StoreError) -> Upload? {
    try await records.upload(id, tenant: tenant)
  }

  func blobs(of job: String) async throws(StoreError) -> [UInt64: BlobRecord] {
    try await records.blobs(of: job)
  }

  func blob(_ record: BlobRecord) -> StoredBlob {
    StoredBlob(
      .file(directory.place(of: record.sha256)), size: record.size, type: record.type,
      sha256: record.sha256,
      width: record.width, height: record.height, durationMilliseconds: record.durationMilliseconds)
  }

  /// Removes blobs that nobody has needed for a day, at most `limit` of them.
  ///
  /// - Returns: how many it removed.
  @discardableResult
  func sweep(limit: Int = 100) async throws(StoreError) -> Int {
    let now = clock.unixNanoseconds
    let day = limits.keeping.nanosecondsClamped
    var removed = 0
    for sha256 in try await records.unneededBlobs(
      since: now > day ? now - day : 0, now: now, limit: limit)
    {
      guard busy.withLock({ $0.beginRemoval(sha256) }) else { continue }
      defer { busy.withLock { $0.endRemoval(sha256) } }
      guard try await records.forgetBlob(sha256) else { continue }
      let directory = directory
      _ = try? await NamedThread.run("patchbay-blobs") { directory.remove(sha256) }
      removed += 1
    }
    return removed
  }

  /// A sweep must not remove the file between its arrival and its row.
  private func reserve(_ sha256: String) async throws(BlobError) {
    for _ in 0..<500 {
      if busy.withLock({ $0.reserve(sha256) }) { return }
      try? await clock.sleep(for: .milliseconds(10))
    }
    throw BlobError(.unavailable, "the same blob is being removed and does not go; try again")
  }

  private func note(_ record: BlobRecord, for holder: BlobHolder, tenant: String)
    async throws(BlobError)
  {
    let isKept: Bool
    do throws(StoreError) {
      isKept = try await records.keep(
        record, for: holder, tenant: tenant, capacity: limits.tenant, now: clock.unixNanoseconds)
    } catch {
      throw BlobError(error.code == .full ? .full : .unavailable, error.message)
    }
    guard isKept else {
      throw BlobError(
        .tooLarge,
        "this tenant would hold more than \(limits.tenant >> 20) MiB of media; delete uploads or wait for jobs to end"
      )
    }
  }

  private func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws(BlobError) -> Value)
    async throws(BlobError) -> Value
  {
    do {
      return try await NamedThread.run("patchbay-blobs", body)
    } catch let error as BlobError {
      throw error
    } catch {
      throw BlobError(.unavailable, "\(error)")
    }
  }
}

/// Which blobs are just arriving, and which are just going.
struct BusyBlobs {
  private var arriving: [String: Int] = [:]
  private var going: Set<String> = []

  /// False while it is going.
  mutating func reserve(_ sha256: String) -> Bool {
    guard !going.contains(sha256) else { return false }
    arriving[sha256, default: 0] += 1
    return true
  }

  mutating func release(_ sha256: String) {
    arriving[sha256] = arriving[sha256].flatMap { $0 > 1 ? $0 - 1 : nil }
  }

  /// False while it is arriving.
  mutating func beginRemoval(_ sha256: String) -> Bool {
    arriving[sha256] == nil && going.insert(sha256).inserted
  }

  mutating func endRemoval(_ sha256: String) { going.remove(sha256) }
}
