internal import Runtime
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// The key or token of an account, as a person gives it to a command.
enum PlatformCredential {
  /// The options go before the environment; an empty value is none.
  static func read(key: String?, token: String?) throws(CommandFailure) -> KeyCredential {
    let environment = ProcessInfo.processInfo.environment
    let given = (key ?? "", token ?? "")
    let found =
      given == ("", "") ? (environment["PATCHBAY_KEY"] ?? "", environment["PATCHBAY_TOKEN"] ?? "") : given
    switch (found.0.isEmpty, found.1.isEmpty) {
    case (false, true): return KeyCredential(Secret(found.0), kind: .apiKey)
    case (true, false): return KeyCredential(Secret(found.1), kind: .token)
    case (true, true):
      throw CommandFailure(
        sentence: "no key: pass --key or --token, or set PATCHBAY_KEY or PATCHBAY_TOKEN", code: 2)
    case (false, false):
      throw CommandFailure(
        sentence: "a key and a token: an account has one of them, so give only that", code: 2)
    }
  }
}
