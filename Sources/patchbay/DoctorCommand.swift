internal import ArgumentParser
internal import ConnectorModel
internal import PluginLoader
internal import Runtime
internal import Secrets

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// `patchbay doctor`: what is configured, reachable, missing.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Looks at everything a host needs and says what to do.",
    discussion: """
      --bundle writes what it found, without any secret, for somebody who helps.

      Exit codes: 0 nothing is wrong, 1 something is; warnings do not fail.
      """)

  @OptionGroup var host: HostArguments
  @Option(name: .long, help: "Write a diagnostic bundle to this file.") var bundle: String?
  @Option(name: .long, help: "human or json.") var format = OutputFormat.human

  private struct Bundle: Codable {
    var version: String
    var findings: [Doctor.Finding]
    var connectors: LoadReport
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let masterKey = environment["PATCHBAY_MASTER_KEY"].flatMap { $0.isEmpty ? nil : Secret($0) }
    let options = try host.options()
    let doctor = Doctor(options: options, masterKey: masterKey) { environment[$0]?.isEmpty == false }
    var (findings, report) = await doctor.examine()
    findings.append(await running(options.state))
    let whole = Bundle(
      version: PatchbayCommand.configuration.version, findings: findings, connectors: report)
    if let bundle { try write(whole, to: bundle) }
    switch format {
    case .json: try Output.json(whole)
    case .human:
      Output.table(
        ["", "SUBJECT", "FINDING"],
        findings.map { [$0.verdict.rawValue, $0.subject.printable, $0.message.printable] })
    }
    if findings.contains(where: { $0.verdict == .error }) { throw ExitCode(1) }
  }

  private func running(_ state: String) async -> Doctor.Finding {
    guard let host = try? RunningHost.read(state: state) else {
      return Doctor.Finding("host", .warning, "none runs on \(state); `patchbay serve` starts one")
    }
    do {
      let client = try APIClient(url: host.url, key: Secret("none"), authority: host.ca)
      _ = try await client.send("GET", "/ready")
      return Doctor.Finding("host", .ok, "process \(host.pid) is ready at \(host.url)")
    } catch {
      let reason = (error as? CommandFailure)?.sentence ?? "\(error)"
      return Doctor.Finding("host", .error, "process \(host.pid) at \(host.url): \(reason)")
    }
  }

  private func write(_ bundle: Bundle, to path: String) throws {
    do {
      try Data(try StableJSON.encode(bundle)).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CommandFailure(sentence: "the bundle \(path) cannot be written: \(error)")
    }
  }
}
