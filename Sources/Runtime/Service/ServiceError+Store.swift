internal import Ports
internal import Telemetry

extension ServiceError {
  /// What the caller is told of a store's refusal.
  init(_ error: StoreError) {
    switch error.code {
    case .notFound: self.init(.notFound, error.message)
    case .conflict, .fenced: self.init(.conflict, error.message)
    case .full, .readOnly, .corrupt, .tooNew, .unavailable:
      self.init(
        .storeUnavailable, "the store takes nothing now, and nothing was stored; the host's log says why",
        retryAfter: .seconds(5))
    }
  }
}

extension Service {
  /// Runs a call of the store and tells its refusal in the service's words.
  func stored<Result: Sendable>(_ body: () async throws(StoreError) -> Result) async throws(ServiceError)
    -> Result
  {
    do throws(StoreError) {
      return try await body()
    } catch {
      let told = ServiceError(error)
      if told.code == .storeUnavailable {
        metrics.storeFailures.add(1, error.code.rawValue)
        log.tell(.error, "store.failed", message: error.message)
      }
      throw told
    }
  }

  /// The same for a part of a list: what is not there then is the page to go on from, which the caller made up.
  func listed<Element: Sendable>(_ body: () async throws(StoreError) -> Page<Element>)
    async throws(ServiceError) -> Page<Element>
  {
    do throws(ServiceError) {
      return try await stored(body)
    } catch {
      throw error.code == .notFound ? ServiceError(.invalidInput, error.message) : error
    }
  }
}
