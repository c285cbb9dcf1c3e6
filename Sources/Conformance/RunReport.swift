package import ConnectorModel

/// What became of one manifest.
package struct RunReport: Sendable, Codable, Equatable {
  package var manifest: String
  package var connector: String
  package var version: String
  /// Lower-case hex of the library and the manifest; empty when there is none.
  package var librarySHA256: String
  package var manifestSHA256: String
  /// Of each schema file that the manifest names, by its path below the manifest's folder.
  package var schemaSHA256: [String: String] = [:]
  package var runner: String
  package var abi: String
  package var level: ConformanceCase.Level
  package var seed: UInt64
  package var results: [CaseResult]
  /// What this machine could not do for the run.
  package var notices: [String]

  package var hasFailed: Bool { results.contains(where: \.hasFailed) }
  /// The rule of the first failure: the one to look at first.
  package var primaryRule: String? { results.first(where: \.hasFailed)?.findings.first?.rule }

  /// What an attestation signs: the report itself, without where it was made.
  package var statement: JSONValue? {
    var report = self
    report.manifest = report.manifest.split(separator: "/").last.map(String.init) ?? ""
    for index in report.results.indices { report.results[index].reproduce = "" }
    guard let bytes = try? StableJSON.encode(report) else { return nil }
    return try? StableJSON.decode(JSONValue.self, from: bytes)
  }
}
