import ConnectorKit

/// Fetches a batch's results: JSON in a gzipped tape archive at a URL that is good for ten minutes.
struct BatchArchive {
  /// Bytes of the archive when it is unpacked.
  private static let largest = 64 << 20

  private let api: API

  init(_ api: API) { self.api = api }

  func results(of batch: Batch) async throws -> [BatchResult] {
    var url = batch.response_body_url ?? ""
    for isLast in [false, true] {
      guard !url.isEmpty else {
        throw OperationError(
          .notFound, "batch \(batch.id) has no results any more",
          userMessage: "Mailchimp keeps the results of a batch for 7 days; these are gone.")
      }
      if let bytes = try await fetch(url, isLast: isLast) { return try Self.read(bytes) }
      // Each look at the batch makes a new one.
      let current: Batch = try await api.get("/batches/\(batch.id)")
      url = current.response_body_url ?? ""
    }
    return []
  }

  /// Nil when the URL has expired; it is asked without the account's credentials, which are nobody else's business.
  private func fetch(_ url: String, isLast: Bool) async throws -> [UInt8]? {
    do {
      let answer = try await api.context.http(
        HTTPRequest(method: "GET", url: url, endpoint: "batches", auth: ""))
      return answer.body.inlineBytes ?? []
    } catch let error as PlatformError {
      if error.status == 403, !isLast { return nil }
      // The URL is as good as a key, so it stands in no message.
      throw OperationError(
        error.status == 403 ? .upstream : error.code, "the archive of a batch: answered \(error.status)",
        retry: .safe,
        httpStatus: error.status, platformCode: error.answer.platformCode)
    }
  }

  /// - Throws: `OperationError` with code `upstream` for an archive that is damaged or too large.
  static func read(_ bytes: [UInt8]) throws -> [BatchResult] {
    do {
      let files = try TarReader.files(try Gunzip.expand(bytes, atMost: largest))
      return try files.flatMap { try StableJSON.decode([BatchResult].self, from: Array($0)) }
    } catch let fault as ArchiveFault {
      throw OperationError(.upstream, "the archive of a batch cannot be read: \(fault)")
    } catch is DecodingError {
      throw OperationError(.upstream, "the archive of a batch does not hold results")
    }
  }
}
