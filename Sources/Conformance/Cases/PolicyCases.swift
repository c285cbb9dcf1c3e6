internal import ConnectorModel
internal import Manifest
internal import Ports

/// Category I: what leaves the host by a connector's doing.
enum PolicyCases {
  static let all: [ConformanceCase] = [allowed, injected, silent]

  static let allowed = ConformanceCase(
    "I1", ["H-3"], .silver, seconds: 30,
    "every request is one that the manifest allows, and names its auth profile"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      let report = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      for exchange in report.exchanges {
        let name = exchange.request.endpoint
        guard let endpoint = host.manifest.endpoints[name] else {
          run.find("H-3", expected: "an endpoint of the manifest", happened: "`\(name.prefix(40))`")
          continue
        }
        let profile = String(exchange.request.auth.prefix { $0 != ":" })
        if !profile.isEmpty, !endpoint.auth.contains(profile) {
          run.find("H-3", expected: "an auth profile of `\(name)`", happened: "`\(profile.prefix(40))`")
        }
        if !endpoint.methods.contains(exchange.request.method) {
          run.find("H-3", expected: "a method of `\(name)`", happened: exchange.request.method)
        }
      }
    }
  }

  /// Texts that become something else where they are pasted in unencoded.
  private static let attacks = [
    "a\r\nX-Injected: 1", "../../admin", "x/../../y", "x?admin=1", "x#f", "@evil.example", "//evil.example/",
    "x%2f..%2fy",
    "x;y", "x y", "https://evil.example/", "\\\\evil",
  ]

  static let injected = ConformanceCase(
    "I5", ["H-2", "H-3"], .silver, seconds: 60,
    "no input reaches a header, a path or a host as anything but a value"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    for transcript in try host.transcripts(run) {
      let plain = SteppedOperation(host, transcript, SteppedPlan(seed: run.seed), run).perform()
      let shapes = Set(plain.exchanges.map { Self.shape(of: $0.request.url) })
      for (text, input) in InputMutation.each(of: transcript.input, by: Self.attacks) {
        var plan = SteppedPlan(seed: run.seed)
        plan.input = input
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if case .broke(let violation) = report.end {
          run.find(
            violation.rule, expected: "input that is encoded or refused",
            happened: "\(transcript.name) with \(text.debugDescription): \(violation.what)")
        }
        for exchange in report.exchanges {
          // The edge refuses some texts even when they are encoded as they should be.
          let isRefused =
            exchange.requests == 0 && exchange.answer.outcome == .permission
            && exchange.request.url.contains(text)
          // A first request of another shape: later ones may differ because the platform answers otherwise.
          let isBent = exchange.turn == 1 && !shapes.contains(Self.shape(of: exchange.request.url))
          if isRefused || isBent {
            run.find(
              "H-3", expected: "input that is encoded or refused",
              happened: "\(transcript.name) with \(text.debugDescription): "
                + (isRefused ? exchange.answer.message : "its URL has another shape"))
            break
          }
        }
        if run.hasFindings { break }
      }
    }
  }

  /// How many segments a path has, and which parameters its query.
  private static func shape(of url: String) -> String {
    let parts = url.split(separator: "?", maxSplits: 1)
    let segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).count
    let names = parts.count > 1 ? parts[1].split(separator: "&").map { $0.prefix { $0 != "=" } } : []
    return "\(segments) \(names.sorted().joined(separator: "&")) \(url.contains("#"))"
  }

  static let silent = ConformanceCase(
    "I2", [], .silver, strength: .should, seconds: 30,
    "no text of a person reaches a log line or the words for developers"
  ) { run throws(CaseStop) in
    let host = try SteppedHost.open(run)
    let canary = "pbcanary.person@example.org"
    for transcript in try host.transcripts(run) {
      for (_, input) in InputMutation.each(of: transcript.input, by: [canary]) {
        var plan = SteppedPlan(seed: run.seed)
        plan.input = input
        let report = SteppedOperation(host, transcript, plan, run).perform()
        if report.logLines.contains(where: { $0.contains("pbcanary") }) {
          run.find("privacy", expected: "no input in log lines", happened: transcript.name)
        }
        if case .failed(let error) = report.end, error.message.contains("pbcanary") {
          run.find("privacy", expected: "no input in an error's message", happened: transcript.name)
        }
      }
    }
  }
}
