internal import ArgumentParser
internal import Ports
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

  func options(sandbox: SandboxAddress? = nil) throws(CommandFailure) -> HostOptions {
    HostOptions(
      manifests: [manifests], plugins: [pluginDirectory],
      state: try Self.statePath(flag: state), sandbox: sandbox)
  }

  var pluginDirectory: String { plugins ?? Self.programDirectory }

  static func statePath(flag: String?) throws(CommandFailure) -> String {
    do {
      return try StateDirectory.path(flag: flag, environment: ProcessInfo.processInfo.environment)
    } catch {
      throw CommandFailure(sentence: error.description)
    }
  }

  /// The host of these options.
  ///
  /// - Throws: `CommandFailure` when it cannot start.
  static func open(
    _ options: HostOptions, clock: any HostClock = SystemClock(), transport: (any Transport)? = nil
  ) async throws(CommandFailure) -> Host {
    do {
      return try await Host.open(options, clock: clock, transport: transport)
    } catch {
      throw CommandFailure(sentence: "\(error)")
    }
  }

  /// Through `/proc/self/exe`, so that a link to the program finds the libraries beside the real one.
  private static var programDirectory: String {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return String(program[..<(program.lastIndex(of: "/") ?? program.startIndex)])
  }
}
