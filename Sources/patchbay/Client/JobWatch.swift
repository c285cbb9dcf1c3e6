internal import ConnectorModel
internal import Ports

#if canImport(Glibc)
  internal import Glibc
#endif

/// Watches one job until it has ended, or stands still until a person does something.
struct JobWatch: Sendable {
  let client: APIClient
  private static let resting: Set<String> = ["published", "cancelled", "unknown", "dead", "held"]

  func end(of id: String) async throws -> JSONValue {
    let clock = SystemClock()
    let isTerminal = isatty(STDERR_FILENO) == 1
    var pause = Duration.milliseconds(20)
    var told = ""
    while true {
      let job = try await client.send("GET", "/api/jobs/\(id)")
      let state = job["state"]?.text ?? ""
      if Self.resting.contains(state) { return job }
      if isTerminal, state != told {
        Output.error("\(id): \(state)")
        told = state
      }
      try await clock.sleep(for: pause)
      pause = min(pause * 2, .seconds(1))
    }
  }
}
