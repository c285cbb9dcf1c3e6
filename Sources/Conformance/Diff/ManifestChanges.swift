internal import ConnectorModel
internal import Manifest

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Every change from one manifest to the next that somebody may notice.
struct ManifestChanges {
  private let old: Manifest
  private let new: Manifest
  private(set) var changes: [ConnectorDiff.Change] = []

  init(_ old: Manifest, _ new: Manifest) {
    self.old = old
    self.new = new
    compareHost()
    compareActions()
    compareStreams()
    compareWebhooks()
    compareEndpoints()
    compareAccess()
    compareLimits()
    compareRest()
  }

  private mutating func add(_ change: String, _ subject: String, _ bump: VersionBump, _ what: String) {
    changes.append(.init(change: change, subject: subject, bump: bump, what: what))
  }

  // MARK: Parts

  private mutating func compareHost() {
    if old.abi.major != new.abi.major {
      add("abi_major", "abi", .major, "needs ABI \(new.abi.major), not \(old.abi.major)")
    } else if new.abi.minor > old.abi.minor {
      add("abi_minor", "abi", .minor, "needs a host of ABI \(new.abi.major).\(new.abi.minor)")
    } else if new.abi.minor < old.abi.minor {
      add("abi_minor", "abi", .patch, "runs on older hosts")
    }
    for name in new.extensions.filter({ !old.extensions.contains($0) }).sorted() {
      add("extension_needed", name, .minor, "is needed of the host now")
    }
    if old.isolation != new.isolation {
      add("isolation", "isolation", .minor, "is \(new.isolation.rawValue)")
    }
    if old.concurrency == .parallel, new.concurrency == .serial {
      add("concurrency", "concurrency", .minor, "operations run one at a time")
    }
  }

  private mutating func compareActions() {
    for name in keys(old.actions, new.actions) {
      switch (old.actions[name], new.actions[name]) {
      case (.some, nil): add("action_removed", name, .major, "is gone")
      case (nil, .some): add("action_added", name, .minor, "is new")
      case (let was?, let isNow?): compare(was, isNow, name)
      case (nil, nil): break
      }
    }
    if old.publish != new.publish { add("publish", "publish", .major, "is \(new.publish ?? "nothing") now") }
  }

  private mutating func compare(
    _ was: Manifest.ActionDeclaration, _ isNow: Manifest.ActionDeclaration, _ name: String
  ) {
    let effects = Manifest.ActionDeclaration.Effect.allCases
    if was.effect != isNow.effect {
      let isWorse = effects.firstIndex(of: isNow.effect) ?? 0 > effects.firstIndex(of: was.effect) ?? 0
      add(
        "effect", name, isWorse ? .major : .minor,
        "its effect is \(isNow.effect.rawValue), not \(was.effect.rawValue)")
    }
    let retries = Manifest.ActionDeclaration.Retry.allCases
    if was.retry != isNow.retry {
      let isWorse = retries.firstIndex(of: isNow.retry) ?? 0 > retries.firstIndex(of: was.retry) ?? 0
      add(
        "retry", name, isWorse ? .major : .minor,
        "its retry is \(isNow.retry.rawValue), not \(was.retry.rawValue)")
    }
    for scope in isNow.scopes where !was.scopes.contains(scope) {
      add("scope_added", name, .major, "needs the scope \(scope), which connections may lack")
    }
    for scope in was.scopes where !isNow.scopes.contains(scope) {
      add("scope_removed", name, .patch, "needs the scope \(scope) no more")
    }
    if was.post != isNow.post { add("post", name, .major, "its result tells of the post otherwise") }
    compareSchemas(was.input, isNow.input, name, "input", worse: .tightened)
    compareSchemas(was.output, isNow.output, name, "output", worse: .loosened)
  }

  private mutating func compareStreams() {
    for name in keys(old.sync, new.sync) {
      switch (old.sync[name], new.sync[name]) {
      case (.some, nil): add("sync_removed", name, .major, "is gone")
      case (nil, .some): add("sync_added", name, .minor, "is new")
      case (let was?, let isNow?):
        compareSchemas(was.record, isNow.record, name, "record", worse: .loosened)
        if was.every != isNow.every || was.lookback != isNow.lookback {
          add("sync_timing", name, .patch, "is read at other times")
        }
      case (nil, nil): break
      }
    }
  }

  private mutating func compareWebhooks() {
    for name in keys(old.webhooks, new.webhooks) {
      switch (old.webhooks[name], new.webhooks[name]) {
      case (.some, nil): add("webhook_removed", name, .major, "is gone")
      case (nil, .some): add("webhook_added", name, .minor, "is new")
      case (let was?, let isNow?) where was != isNow:
        let isSame = was.verification == isNow.verification && was.handshake == isNow.handshake
        add(
          "webhook_changed", name, isSame ? .minor : .major,
          isSame ? "is read otherwise" : "is proven otherwise")
      default: break
      }
    }
  }

  private mutating func compareEndpoints() {
    for name in keys(old.endpoints, new.endpoints) {
      switch (old.endpoints[name], new.endpoints[name]) {
      case (.some, nil): add("endpoint_removed", name, .patch, "is not reached any more")
      case (nil, .some): add("endpoint_added", name, .minor, "is reached now")
      case (let was?, let isNow?):
        for base in isNow.bases where !was.bases.contains(base) {
          add("endpoint_base", name, .minor, "reaches \(base) now")
        }
        for method in isNow.methods where !was.methods.contains(method) {
          add("method_added", name, .minor, "may be asked with \(method) now")
        }
        var (rest, now) = (was, isNow)
        (rest.bases, rest.methods) = ([], [])
        (now.bases, now.methods) = ([], [])
        if rest != now || !was.bases.allSatisfy(isNow.bases.contains)
          || !was.methods.allSatisfy(isNow.methods.contains)
        {
          add("endpoint_changed", name, .patch, "has other terms")
        }
      case (nil, nil): break
      }
    }
  }

  private mutating func compareAccess() {
    for name in keys(old.auth, new.auth) {
      switch (old.auth[name], new.auth[name]) {
      case (.some, nil): add("auth_removed", name, .major, "connections made with it end")
      case (nil, .some): add("auth_added", name, .minor, "is new")
      case (let was?, let isNow?) where was != isNow:
        let kept = was.alternatives.allSatisfy(isNow.alternatives.contains)
        add("auth_changed", name, kept ? .minor : .major, kept ? "has another way" : "connections may end")
      default: break
      }
    }
    for name in new.environment.filter({ !old.environment.contains($0) }).sorted() {
      add("environment_added", name, .major, "must be set by the operator now")
    }
    compareSchemas(
      old.configuration?.schema, new.configuration?.schema, "config", "config", worse: .tightened)
  }

  private mutating func compareLimits() {
    let (was, isNow) = (old.limits, new.limits)
    func narrower(_ name: String, _ isNarrower: Bool, _ isWider: Bool) {
      if isNarrower { add("limit_narrowed", name, .minor, "is narrower") }
      if isWider { add("limit_widened", name, .patch, "is wider") }
    }
    narrower("limits.timeout", isNow.timeout < was.timeout, isNow.timeout > was.timeout)
    narrower(
      "limits.max_response", isNow.maximumResponse < was.maximumResponse,
      isNow.maximumResponse > was.maximumResponse)
    let (before, after) = (was.operation, isNow.operation)
    narrower("limits.operation.deadline", after.deadline < before.deadline, after.deadline > before.deadline)
    narrower("limits.operation.effects", after.effects < before.effects, after.effects > before.effects)
    narrower("limits.operation.parallel", after.parallel < before.parallel, after.parallel > before.parallel)
    for name in keys(was.buckets, isNow.buckets) {
      switch (was.buckets[name], isNow.buckets[name]) {
      case (.some, nil): add("limit_widened", name, .patch, "bounds nothing any more")
      case (nil, .some): add("limit_narrowed", name, .minor, "is a new bound")
      case (let one?, let two?) where one != two:
        let isNarrower =
          Self.rate(two) < Self.rate(one) || (two.concurrent ?? .max) < (one.concurrent ?? .max)
        add(
          isNarrower ? "limit_narrowed" : "limit_widened", name, isNarrower ? .minor : .patch,
          isNarrower ? "is narrower" : "is another")
      default: break
      }
    }
  }

  /// Exchanges a second.
  private static func rate(_ bucket: Limits.Bucket) -> Double {
    guard let rate = bucket.rate else { return .infinity }
    return Double(rate.count) / (rate.window / .seconds(1))
  }

  private mutating func compareRest() {
    if old.api.version != new.api.version {
      add("api_version", "api", .minor, "speaks version \(new.api.version) of the platform")
    }
    if old.capabilities != new.capabilities { add("capabilities", "capabilities", .minor, "are others") }
    let (one, two) = (Self.terms(of: old), Self.terms(of: new))
    if changes.isEmpty, one != two { add("other", "manifest", .patch, "has other details") }
  }

  /// Without where its files are: two versions of one connector lie in two folders.
  private static func terms(of manifest: Manifest) -> Manifest {
    var terms = manifest
    (terms.path, terms.version) = ("", "")
    for name in terms.actions.keys {
      terms.actions[name]?.input = nil
      terms.actions[name]?.output = nil
    }
    for name in terms.sync.keys { terms.sync[name]?.record = nil }
    terms.configuration?.schema = ""
    return terms
  }

  // MARK: Schemas

  private mutating func compareSchemas(
    _ was: String?, _ isNow: String?, _ subject: String, _ side: String, worse: SchemaComparison.Kind
  ) {
    let old = was.map(Self.schema) ?? true
    let new = isNow.map(Self.schema) ?? true
    let comparison = SchemaComparison(old: old, new: new)
    if comparison.changes.isEmpty, old != new {
      add("\(side)_words", subject, .patch, "its \(side) is described otherwise")
    }
    for kind in [worse, worse == .tightened ? .loosened : .tightened, .extended] {
      // What is gone counts once, as the worse of its two sides.
      let found = comparison.changes.filter { change in
        change.kind == kind
          && (kind == worse
            || !comparison.changes.contains {
              $0.kind == worse && $0.place == change.place && $0.what == change.what
            })
      }
      for change in found {
        add(
          "\(side)_\(kind.rawValue)", subject, kind == worse ? .major : .minor,
          "its \(side) at \(change.place) \(change.what)")
      }
    }
  }

  private static func schema(_ path: String) -> JSONValue {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return true }
    return (try? StableJSON.decode(JSONValue.self, from: [UInt8](data))) ?? true
  }

  private func keys<Value>(_ one: [String: Value], _ two: [String: Value]) -> [String] {
    Set(one.keys).union(two.keys).sorted()
  }
}
