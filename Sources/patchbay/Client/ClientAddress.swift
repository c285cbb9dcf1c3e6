internal import ArgumentParser
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Which host a command talks to, and as whom.
struct ClientAddress: ParsableArguments {
  @Option(name: .long, help: "The host (default: $PATCHBAY_URL, else the one of the state directory).")
  var url: String?

  @Option(
    name: .long, help: "The API key (default: $PATCHBAY_API_KEY, which keeps it out of the process list).")
  var apiKey: String?

  @Option(name: .long, help: "The authority that signed the host's certificate, as a PEM file.")
  var ca: String?

  @Option(name: .long, help: "The state directory (default: $PATCHBAY_STATE, else ~/.local/state/patchbay).")
  var state: String?

  /// - Throws: `CommandFailure` when no host or no key is known.
  func client() throws -> APIClient {
    let environment = ProcessInfo.processInfo.environment
    let running = try? RunningHost.read(state: HostArguments.statePath(flag: state))
    guard let url = url ?? environment["PATCHBAY_URL"] ?? running?.url else {
      throw CommandFailure(
        sentence:
          "no host runs on this state directory; start one with `patchbay serve`, or name one with --url")
    }
    guard let key = apiKey ?? environment["PATCHBAY_API_KEY"], !key.isEmpty else {
      throw CommandFailure(
        sentence:
          "no API key: set PATCHBAY_API_KEY, or pass --api-key; `patchbay keys create` makes one", code: 2)
    }
    return try APIClient(
      url: url, key: Secret(key), authority: ca ?? (running?.url == url ? running?.ca : nil))
  }
}
