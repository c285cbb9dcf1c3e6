internal import ArgumentParser
internal import Runtime

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Where things are, for every command that loads connectors.
struct HostArguments: ParsableArguments {
  @Option(name: .long, help: "The directory of manifests.")
  var manifests = "./manifests"

  @Option(name: .long, help: "The directory of connector libraries (default: the program's own).")
  var plugins: String?

  @Option(name: .long, help: "The state directory (default: $PATCHBAY_STATE, else ~/.local/state/patchbay).")
  var state: String?

  func options(sandbox: SandboxAddress? = nil) -> HostOptions {
    HostOptions(
      manifests: [manifests], plugins: [plugins ?? Self.programDirectory],
      state: Self.statePath(flag: state), sandbox: sandbox)
  }

  static func statePath(flag: String?) -> String {
    StateDirectory.path(flag: flag, environment: ProcessInfo.processInfo.environment)
  }

  /// Through `/proc/self/exe`, so that a link to the program finds the libraries beside the real one.
  private static var programDirectory: String {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return String(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])
  }
}
