internal import ConnectorModel
internal import Egress
internal import Ports

/// The media of one job: what was taken in for it once stays its own for every attempt.
struct JobMedia: MediaShelf, BlobKeeper {
  let job: Job
  let library: BlobLibrary
  let fetcher: MediaFetcher
  /// Those on record, by number.
  let records: [UInt64: BlobRecord]

  /// How long fetching one may take.
  static let patience = Duration.seconds(300)

  func known(_ number: UInt64) -> StoredBlob? { records[number].map(library.blob) }

  func take(_ name: MediaPlace.Name, number: UInt64, limit: UInt64?) async throws(OperationError)
    -> StoredBlob
  {
    let holder = BlobHolder.job(job.id, number: number)
    do {
      switch name {
      case .url(let url):
        let library = library
        let writer = try await fetcher.fetch(url, timeout: Self.patience) {
          library.writer(limit: limit ?? .max)
        }
        return try await library.keep(writer, for: holder, tenant: job.tenant)
      case .upload(let id):
        guard let upload = try await library.upload(id, tenant: job.tenant) else {
          throw OperationError(.invalidInput, "there is no upload \(id); uploads stay for a day")
        }
        return try await library.keep(upload.blob, for: holder, tenant: job.tenant)
      case .malformed: throw OperationError(.invalidInput, "it is not named as media")
      }
    } catch {
      throw Self.told(error)
    }
  }

  func writer() -> BlobWriter { library.writer() }

  func keep(_ writer: BlobWriter, type: String, number: UInt64) async throws(BlobError)
    -> StoredBlob
  {
    try await library.keep(writer, for: .job(job.id, number: number), tenant: job.tenant)
  }

  static func told(_ error: any Error) -> OperationError {
    switch error {
    case let error as OperationError: error
    case let error as MediaFetcher.Refusal:
      OperationError(
        error.outcome, error.message, retry: error.outcome == .invalidInput ? .no : .safe)
    case let error as BlobError: OperationError(error)
    case let error as StoreError: OperationError(.upstream, error.message, retry: .safe)
    default: OperationError(.internal, "\(error)", retry: .safe)
    }
  }
}

extension OperationError {
  init(_ error: BlobError) {
    switch error.kind {
    case .tooLarge: self.init(.invalidInput, error.message)
    case .missing, .full, .unavailable: self.init(.upstream, error.message, retry: .safe)
    }
  }
}
