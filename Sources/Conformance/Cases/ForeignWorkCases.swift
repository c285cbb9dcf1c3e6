internal import ConnectorModel
internal import Manifest
internal import PluginLoader

/// Category H, of tasks that leave the operation they belong to.
enum ForeignWorkCases {
  static let all: [ConformanceCase] = [contained]

  static let contained = ConformanceCase(
    "H10", ["T-3", "T-5"], .silver, seconds: 60,
    "no task of a Swift connector leaves its operation, on whatever way it ends"
  ) { run throws(CaseStop) in
    guard try run.isOfSwift else {
      throw .skip("the library has no Swift in it: there is no executor that a task could leave for")
    }
    var turns = 0
    try run.eachPlain { host, transcript, plain in
      var plans = [SteppedPlan(seed: run.seed)]
      for after in 1..<max(2, plain.turns) {
        plans.append(SteppedPlan(seed: run.seed))
        plans[plans.count - 1].cancelAfter = after
      }
      for effect in plain.outerEffects {
        for fault in [PlatformFault.cut, .refused, .garbled] {
          plans.append(SteppedPlan(seed: run.seed))
          plans[plans.count - 1].faults = [effect: fault]
        }
      }
      for plan in plans {
        let report = SteppedOperation(host, transcript, plan, run).perform()
        turns += report.turns
        guard let left = report.foreignWork else { continue }
        return run.find(
          left.rule, expected: "tasks that stay inside the operation",
          happened: "\(transcript.name), \(plan.words): \(left.what)")
      }
    }
    run.note("0 tasks left their operation in \(turns) turns")
  }
}

extension CaseRun {
  /// Whether the library is a Swift program's, with the host's runtime or with one of its own.
  var isOfSwift: Bool {
    get throws(CaseStop) {
      if try image().needed.contains("libswiftCore.so") { return true }
      return ByteSearch.contains("swift5_protocols", in: try library().bytes)
    }
  }
}

extension SteppedReport {
  /// What the host's runtime noticed, or the kit where the connector has a runtime of its own.
  fileprivate var foreignWork: RuleName? {
    switch end {
    case .broke(let violation) where ["T-3", "T-5"].contains(violation.rule): return violation
    case .failed(let error) where error.code == .protocol:
      let rule = ["T-3", "T-5"].first { error.message.hasPrefix("\($0):") }
      return rule.map { RuleName(rule: $0, what: String(error.message.dropFirst($0.count + 2))) }
    case .broke, .failed, .completed, .stopped, .endless: return nil
    }
  }
}

extension SteppedPlan {
  /// For the ways of this category.
  fileprivate var words: String {
    if let cancelAfter { return "cancelled after turn \(cancelAfter)" }
    guard let (effect, fault) = faults.first else { return "as it is" }
    return "request \(effect + 1) meets \(fault.rawValue)"
  }
}
