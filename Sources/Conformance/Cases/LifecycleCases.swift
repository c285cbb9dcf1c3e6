internal import ConnectorModel
internal import Manifest
internal import PluginLoader
internal import Ports

/// Category E: instances and operations come and go.
enum LifecycleCases {
  static let all: [ConformanceCase] = [create, again, many, poisoned, leak]
  /// Asked once it is known that operations run at all.
  static let ofOperations: [ConformanceCase] = [apart, early]

  static let create = ConformanceCase(
    "E1", ["L-2", "L-8"], .bronze, "create makes an instance, or says why not with the same code"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    run.doing("create", rule: "L-2")
    let (instance, answer) = table.create(run.configuration)
    if answer.others > 0 || answer.completes > 0 {
      run.find("L-8", expected: "only `fail`, and only on failure", happened: "other pushes in create")
    }
    if answer.status == 0 {
      guard let instance else {
        return run.find("L-2", expected: "an instance with OK", happened: "OK and no instance")
      }
      run.doing("destroy", rule: "L-2")
      table.destroy(instance)
    } else {
      if answer.fails != 1 || answer.code != answer.status {
        run.find(
          "L-2", expected: "`fail` with the code that is returned",
          happened: "status \(answer.status) without it")
      } else {
        run.find(
          "L-2", expected: "an instance of the manifest's own configuration",
          happened: "code \(answer.status): \(String(decoding: answer.bytes.prefix(120), as: UTF8.self))")
      }
      if instance != nil { run.find("L-2", expected: "no instance on failure", happened: "one was set") }
    }
  }

  static let again = ConformanceCase(
    "E4", ["L-6"], .bronze, "create, destroy, create works a thousand times like the first time"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    for time in 1...1_000 {
      if time <= 2 || time % 250 == 0 { run.doing("create number \(time)", rule: "L-6") }
      guard let instance = table.create(run.configuration).instance else {
        if time == 1 { throw .skip("create fails; see E1") }
        return run.find("L-6", expected: "an instance each time", happened: "none the \(time)th time")
      }
      table.destroy(instance)
    }
  }

  static let many = ConformanceCase(
    "E9", ["L-6"], .bronze, "256 instances live side by side"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for number in 1...256 {
      if number == 1 || number % 64 == 0 { run.doing("create number \(number)", rule: "L-6") }
      do {
        // Destroying so many at once would start as many threads of the host's; E4 is about destroying.
        SteppedHost.keep(try host.loaded.makeInstance())
      } catch {
        return run.find("L-6", expected: "256 instances", happened: "\(error) at number \(number)")
      }
    }
  }

  static let apart = ConformanceCase(
    "E3", ["L-6"], .silver, "two instances share nothing that changes"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    guard let other = try? host.loaded.makeInstance() else { throw .skip("a second create fails; see E4") }
    let second = SteppedHost(manifest: host.manifest, loaded: host.loaded, instance: other)
    for transcript in try host.transcripts(run) {
      let signatures = [host, second, host].map { host in
        SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform().signature
      }
      if Set(signatures).count != 1 {
        run.find("L-6", expected: "the same from each instance", happened: "\(transcript.name) differs")
      }
    }
  }

  static let poisoned = ConformanceCase(
    "E8", ["M-3"], .bronze, "nothing of the host is used after destroy"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    for time in 1...3 {
      run.doing("create number \(time)", rule: "M-3")
      guard let instance = table.create(run.configuration).instance else {
        throw .skip("create fails; see E1")
      }
      run.doing("destroy number \(time), then its host is gone", rule: "M-3")
      table.destroy(instance)
    }
    run.doing("describe after destroy", rule: "M-3")
    _ = table.describe()
  }

  static let leak = ConformanceCase(
    "E10", ["L-6"], .silver, strength: .should, "a thousand instances leave no memory behind"
  ) { run throws(CaseStop) in
    let table = try run.wholeTable()
    func round() {
      for _ in 0..<500 {
        if let instance = table.create(run.configuration).instance { table.destroy(instance) }
      }
    }
    run.doing("create and destroy", rule: "L-6")
    guard let instance = table.create(run.configuration).instance else { throw .skip("create fails; see E1") }
    table.destroy(instance)
    round()
    let grown = GuardedMemory.leastGrowth(enough: 8 * 500, rounds: round) / 500
    if grown > 8 { run.find("L-6", expected: "no growth", happened: "\(grown) bytes for each instance") }
  }

  static let early = ConformanceCase(
    "E5", ["M-3"], .bronze, seconds: 30, "end may come after any turn, and nothing breaks"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      var turn = 1
      while turn < 60 {
        var plan = SteppedPlan(seed: run.seed)
        plan.endAfter = turn
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if case .broke = report.end { break }
        guard report.end == .stopped else { break }
        turn += 1
      }
    }
  }
}
