internal import ArgumentParser
internal import Runtime

/// How many days a host keeps what is over.
struct RetentionArguments: ParsableArguments {
  @Option(name: .long, help: "Days that ended jobs are kept, with their payloads.") var keepJobs = 90
  @Option(name: .long, help: "Days that handled dead letters are kept.") var keepDeadLetters = 90
  @Option(name: .long, help: "Days that health checks are kept.") var keepHealthChecks = 30
  @Option(name: .long, help: "Days that records are kept after they last changed.") var keepRecords = 400

  func validate() throws {
    for (name, days) in [
      ("jobs", keepJobs), ("dead-letters", keepDeadLetters), ("health-checks", keepHealthChecks),
      ("records", keepRecords),
    ] where !(1...36_500).contains(days) {
      throw ValidationError("--keep-\(name) takes a number of days from 1 to 36500, and \(days) is none")
    }
  }

  var policy: RetentionPolicy {
    let day = RetentionPolicy.day
    return RetentionPolicy(
      jobs: day * keepJobs, deadLetters: day * keepDeadLetters, healthChecks: day * keepHealthChecks,
      records: day * keepRecords)
  }
}
