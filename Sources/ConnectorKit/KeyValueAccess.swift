/// Small durable values, one scope for each connection and connector.
///
/// Keys are 1 to 256 bytes, values at most 64 KiB, 1,000 keys and 1 MiB together.
public struct KeyValueAccess: Sendable {
  let run: OperationRun

  /// A value and the version that a later write can insist on.
  public struct Entry: Sendable, Equatable {
    public let value: [UInt8]
    public let version: UInt64
  }

  /// The entry under `key`, nil when there is none.
  nonisolated(nonsending) public func get(_ key: String) async throws -> Entry? {
    let answer = try await perform(KeyValueRequest(.get, key: key))
    if answer.outcome == .notFound { return nil }
    return Entry(value: try succeed(answer, key).value, version: answer.version)
  }

  /// Writes and returns the new version.
  ///
  /// - Throws: `OperationError` with code `conflict` when `condition` does not hold, `quota` over a limit.
  @discardableResult
  nonisolated(nonsending) public func put(
    _ key: String, _ value: [UInt8], if condition: KeyValueRequest.Condition = .any,
    timeToLive: Duration? = nil
  ) async throws -> UInt64 {
    let request = KeyValueRequest(.put, key: key, value: value, condition: condition, timeToLive: timeToLive)
    return try succeed(try await perform(request), key).version
  }

  /// Removes the entry; removing nothing is no error.
  nonisolated(nonsending) public func delete(_ key: String, if condition: KeyValueRequest.Condition = .any)
    async throws
  {
    let answer = try await perform(KeyValueRequest(.delete, key: key, condition: condition))
    if answer.outcome != .notFound { _ = try succeed(answer, key) }
  }

  nonisolated(nonsending) private func perform(_ request: KeyValueRequest) async throws -> KeyValueAnswer {
    let id = try run.push(keyValue: request)
    return try await run.answer(to: id).keyValue()
  }

  private func succeed(_ answer: KeyValueAnswer, _ key: String) throws -> KeyValueAnswer {
    guard answer.outcome == .ok else { throw OperationError(answer.outcome, "key \(key): \(answer.message)") }
    return answer
  }
}
