internal import ArgumentParser

/// The program: parses arguments, builds a host, prints.
@main
struct PatchbayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patchbay",
    abstract:
      "Runs connectors: shared libraries that publish to platforms, each described by a YAML manifest.",
    discussion: """
      Try it without any account:

        patchbay call mailchimp campaign.publish --sandbox --key sandbox-us19 \\
          --input manifests/examples/mailchimp/campaign.json

      Exit codes: 0 done, 1 the thing asked for failed, 2 wrong usage, 3 nobody
      knows whether it took effect.
      """,
    version: "0.1.0",
    subcommands: [
      ServeCommand.self, ConnectionsCommand.self, PublishCommand.self, JobsCommand.self,
      DeadLettersCommand.self, SyncCommand.self, AnalyticsCommand.self, LimitsCommand.self, KeysCommand.self,
      DoctorCommand.self, LintCommand.self, SchemaCommand.self, NewCommand.self, ConnectorsCommand.self,
      CallCommand.self, SandboxCommand.self, VerifyCommand.self, BenchCommand.self,
      ChaosCommand.self,
    ])

  static func main() async {
    await main(SandboxArgument.completed(Array(CommandLine.arguments.dropFirst())))
  }

  /// As the library's own `main`, but wrong usage exits with 2 and failures with 1.
  static func main(_ arguments: [String]) async {
    do {
      var command = try parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      Output.error("patchbay: \(failure.sentence)")
      Output.exit(failure.code)
    } catch {
      let isHelp = exitCode(for: error).isSuccess
      let text = fullMessage(for: error)
      if !text.isEmpty { isHelp ? Output.line(text) : Output.error(text) }
      let code = exitCode(for: error)
      Output.exit(isHelp ? 0 : code == .validationFailure ? 2 : error is ExitCode ? code.rawValue : 1)
    }
  }
}

/// Why a command ends without doing its work.
struct CommandFailure: Error {
  var sentence: String
  var code: Int32 = 1
}
