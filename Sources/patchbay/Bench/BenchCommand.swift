internal import ArgumentParser

/// `patchbay bench`: how fast this machine runs what Patchbay is made of.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures parts of the host on this machine.",
    discussion: "docs/benchmarks.md says how the figures there were taken and what stands beside them.",
    subcommands: [
      BenchStepCommand.self, BenchEgressCommand.self, BenchLoadCommand.self, BenchJobsCommand.self,
      BenchPublishCommand.self, BenchUploadCommand.self,
    ])
}
