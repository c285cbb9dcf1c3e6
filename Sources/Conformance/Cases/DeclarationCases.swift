internal import ConnectorModel
internal import Manifest

/// Category A, of what the manifest declares: read one way, no more than is used, and its own.
enum DeclarationCases {
  static let all: [ConformanceCase] = [hazards, privilege, defaults, schemas, verification, ownID]

  /// What two YAML readers could read in two ways.
  private static let ambiguous: Set<ProblemCode> = [
    .fileTooLarge, .byteOrderMark, .notUTF8, .controlCharacter, .syntax, .tab, .anchor, .alias, .tag,
    .multipleDocuments, .tooDeep, .tooManyNodes, .keyNotText, .duplicateKey, .numberUnusable,
  ]

  static let hazards = ConformanceCase(
    "A2", [], .bronze, "no two readers of YAML could read the manifest in two ways"
  ) { run throws(CaseStop) in
    run.doing("reading the manifest", rule: "manifest")
    for problem in run.subject.reading.problems where Self.ambiguous.contains(problem.code) {
      run.find("manifest", expected: "one reading", happened: problem.description)
    }
    // YAML 1.1 reads these as truth values, YAML 1.2 as words.
    for (number, line) in run.subject.manifestLines.enumerated() {
      guard let colon = line.firstRange(of: ": ") else { continue }
      let value = line[colon.upperBound...].prefix { $0 != "#" }.split(separator: " ").first ?? ""
      if ["yes", "no", "on", "off", "y", "n"].contains(value.lowercased()) {
        run.find("manifest", expected: "`\(value)` in quotes", happened: "it is plain in line \(number + 1)")
      }
    }
  }

  static let privilege = ConformanceCase(
    "A11", [], .bronze, strength: .should,
    "it declares no scope, endpoint, profile or limit that nothing uses, and lacks none"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    run.doing("reading what the manifest declares", rule: "manifest")
    let unused: Set<ProblemCode> = [
      .unusedEndpoint, .unusedBucket, .unusedAuth, .openHost, .unreachableRoute,
    ]
    for problem in run.subject.reading.problems where unused.contains(problem.code) {
      run.find("manifest", expected: "nothing that is not used", happened: problem.description)
    }
    let used = Set(manifest.actions.values.flatMap(\.scopes))
    for (scope, need) in manifest.scopes.sorted(by: { $0.key < $1.key }) {
      if !used.contains(scope), need.requiredBy.isEmpty {
        run.find("manifest", expected: "an action that needs `\(scope)`", happened: "none does")
      }
      for name in need.requiredBy where manifest.actions[name]?.scopes.contains(scope) == false {
        run.find("manifest", expected: "`\(scope)` under the scopes of \(name)", happened: "it is not there")
      }
    }
    for scope in used.sorted() where manifest.scopes[scope] == nil {
      run.find("manifest", expected: "a reason for `\(scope)` under `scopes`", happened: "there is none")
    }
  }

  static let defaults = ConformanceCase(
    "D7", [], .bronze, strength: .should,
    "the manifest's errors do not turn what every platform means into something else"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    run.doing("reading `errors`", rule: "manifest")
    // Only where the status alone decides: a body may say more.
    for rule in manifest.errors where rule.body.isEmpty {
      guard let status = rule.status else { continue }
      let wanted: Set<OutcomeCode> =
        switch status {
        case 401: [.unauthenticated]
        case 429: [.rateLimited, .quota]
        case 500...599: [.upstream, .rateLimited, .unknownOutcome, .timeout]
        default: []
        }
      if !wanted.isEmpty, !wanted.contains(rule.then) {
        run.find(
          "manifest", expected: "\(status) as \(wanted.map(\.name).sorted().joined(separator: " or "))",
          happened: rule.then.name)
      }
    }
    if manifest.errorFields.code == nil {
      run.warn("manifest", expected: "`error_fields.code`", happened: "the platform's own codes are lost")
    }
  }

  static let schemas = ConformanceCase(
    "D4", [], .bronze, strength: .should, "every action says what it takes and what it gives"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    run.doing("reading `actions`", rule: "manifest")
    for (name, action) in manifest.actions.sorted(by: { $0.key < $1.key }) {
      if action.input == nil {
        run.find("manifest", expected: "a schema of \(name)'s input", happened: "there is none")
      }
      if action.output == nil {
        run.find("manifest", expected: "a schema of \(name)'s output", happened: "there is none")
      }
    }
  }

  static let verification = ConformanceCase(
    "K9", ["X-3"], .gold, "every webhook's signature is declared, so that the host checks it"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    guard !manifest.webhooks.isEmpty else { throw .skip("the manifest declares no `webhooks`") }
    run.doing("reading `webhooks`", rule: "X-3")
    for (name, hook) in manifest.webhooks.sorted(by: { $0.key < $1.key }) {
      if hook.verification == .none {
        run.find("X-3", expected: "a way to verify \(name)", happened: "anybody can post to it")
      }
      if hook.verification == .timestampedHMAC, hook.tolerance == nil {
        run.warn("X-3", expected: "a `tolerance` for \(name)", happened: "old requests can be sent again")
      }
      if hook.deduplicate.isEmpty {
        run.warn("manifest", expected: "what tells \(name)'s events apart", happened: "`dedupe` is empty")
      }
    }
  }

  static let ownID = ConformanceCase(
    "A17", ["E-11"], .bronze, "no manifest beside it claims the same id for another version"
  ) { run throws(CaseStop) in
    let manifest = try run.manifest()
    run.doing("reading the manifests beside it", rule: "E-11")
    for other in run.subject.neighbours where other.id == manifest.id {
      run.find(
        "E-11", expected: "an id of its own for each version that is installed",
        happened: "`\(other.id)` \(other.version) and \(manifest.version)")
    }
  }
}
