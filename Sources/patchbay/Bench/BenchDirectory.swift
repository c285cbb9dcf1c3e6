#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// A directory for the time of one measurement.
enum BenchDirectory {
  static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "patchbay-bench-\(UUID().uuidString)"
    ).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }
}
