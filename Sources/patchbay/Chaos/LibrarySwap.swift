internal import ConnectorModel

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Replaces a connector's library under a working host, as a deployment does: a new file under the old name.
final class LibrarySwap {
  static let name = "libMailchimpConnector.so"

  private let file: URL
  private var count = 0

  init(plugins: String) { file = URL(filePath: plugins).appending(path: Self.name) }

  /// Puts another library in place and has the host load it; every fourth time a broken one comes first.
  ///
  /// - Throws: when the host does not serve the new one, or does not keep the old one while there is a broken one.
  func next(in verdict: inout ChaosVerdict, through client: APIClient) async throws {
    let whole = try Data(contentsOf: file)
    count += 1
    if count.isMultiple(of: 4) {
      let before = try await status(client)["generation"]
      try whole.dropLast(whole.count / 4).write(to: file, options: .atomic)
      let now = try await reload(client)
      guard now["state"]?.text == "stale", now["generation"] == before else {
        throw CommandFailure(sentence: "a broken library did not leave the old one running: \(now)")
      }
      verdict.refusals += 1
    }
    // ELF ignores what stands behind its sections.
    try (whole + Data([UInt8(truncatingIfNeeded: count)])).write(to: file, options: .atomic)
    let now = try await reload(client)
    guard now["state"]?.text == "ready" else {
      throw CommandFailure(sentence: "a new library was not taken: \(now)")
    }
    verdict.reloads += 1
    if case .integer(let generation)? = now["generation"] {
      verdict.generations = max(verdict.generations, Int(generation))
    }
  }

  private func reload(_ client: APIClient) async throws -> JSONValue {
    _ = try await client.send("POST", "/api/connectors/reload")
    return try await status(client)
  }

  private func status(_ client: APIClient) async throws -> JSONValue {
    try await client.send("GET", "/api/connectors/mailchimp/status")
  }
}
