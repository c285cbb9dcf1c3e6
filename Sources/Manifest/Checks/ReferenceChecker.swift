internal import JSONSchema

/// Checks what the grammar cannot: names that refer to each other, and values that only make sense together.
///
/// Works on nodes, not on the built manifest, so that everything is found in one pass and keeps its place. What
/// has the wrong kind was reported by the grammar and is passed over here.
struct ReferenceChecker {
  let root: YAMLNode
  /// The manifest's folder, to which schema paths are relative.
  let folder: String
  let today: CalendarDate
  var log: ProblemLog
  /// Files that were read and are schemas, by their paths: actions share them.
  var soundSchemas: [String: JSONSchema] = [:]

  static func check(_ root: YAMLNode, folder: String, today: CalendarDate, log: ProblemLog) -> ProblemLog {
    var checker = ReferenceChecker(root: root, folder: folder, today: today, log: log)
    checker.checkAPI()
    checker.checkEndpoints()
    checker.checkAuth()
    checker.checkScopes()
    checker.checkLimits()
    checker.checkActions()
    checker.checkErrors()
    checker.checkFiles()
    return checker.log
  }

  /// The names under a top-level key.
  func names(_ key: String) -> [String] { root[key]?.entries.map(\.key) ?? [] }

  /// Reports `node` when its text is not one of `names`.
  mutating func require(_ node: YAMLNode?, among names: [String], _ what: String, _ trail: KeyTrail) {
    guard let node, let text = node.text, !names.contains(text) else { return }
    let known =
      names.isEmpty
      ? "nothing of that kind is declared" : "known are \(names.sorted().joined(separator: ", "))"
    log.report(
      .unknownReference, at: node.mark, trail, "there is no \(what) \"\(text)\"", advice: known,
      suggestion: NearestWord.nearest(to: text, among: names))
  }

  mutating func requireEach(of list: YAMLNode?, among names: [String], _ what: String, _ trail: KeyTrail) {
    for (index, element) in (list?.elements ?? []).enumerated() {
      require(element, among: names, what, trail.index(index))
    }
  }

  private mutating func checkAPI() {
    if let isolation = root["isolation"], isolation.text == Manifest.Isolation.worker.rawValue {
      log.report(
        .workerMode, at: isolation.mark, KeyTrail().key("isolation"),
        "this host has no worker mode yet and will not load it",
        advice: "use in-process until it has")
    }
    let trail = KeyTrail().key("api").key("sunset")
    guard let node = root["api"]?["sunset"], let text = node.text, let date = CalendarDate(text) else {
      return
    }
    let days = date.daysSince1970 - today.daysSince1970
    if days < 0 {
      log.report(
        .sunsetPassed, at: node.mark, trail, "the API version ended \(-days) days ago",
        advice: "move the connector to a newer one")
    } else if days <= 60 {
      log.report(
        .sunsetNear, at: node.mark, trail, "the API version ends in \(days) days",
        advice: "move the connector to a newer one in time")
    }
  }

  private mutating func checkScopes() {
    for entry in root["scopes"]?.entries ?? [] {
      let trail = KeyTrail().key("scopes").key(entry.key).key("required_by")
      requireEach(of: entry.value["required_by"], among: names("actions"), "action", trail)
    }
  }

  private mutating func checkActions() {
    let actions = root["actions"]
    for action in actions?.entries ?? [] {
      let trail = KeyTrail().key("actions").key(action.key)
      let scopes = action.value["scopes"]
      requireEach(of: scopes, among: names("scopes"), "scope", trail.key("scopes"))
      let effect = action.value["effect"]?.text.flatMap(Manifest.ActionDeclaration.Effect.init(rawValue:))
      if let effect, effect != .read, action.value["retry"] == nil {
        log.report(
          .missingKey, at: action.value.mark, trail.key("retry"),
          "a \(effect.rawValue) action does not say who may repeat it",
          advice: "add retry: safe, idempotent, reconcile or never")
      }
      require(
        action.value["request"]?["endpoint"], among: names("endpoints"), "endpoint",
        trail.key("request").key("endpoint"))
      require(
        action.value["request"]?["auth"], among: names("auth"), "auth profile",
        trail.key("request").key("auth"))
      checkMedia(action.value["media"], trail.key("media"))
    }
    checkPublish(actions)
    let deep = KeyTrail().key("health").key("deep").key("action")
    let healthAction = root["health"]?["deep"]?["action"]
    require(healthAction, among: names("actions"), "action", deep)
    if let healthAction, let name = healthAction.text, let effect = actions?[name]?["effect"]?.text,
      effect != Manifest.ActionDeclaration.Effect.read.rawValue
    {
      log.report(
        .deepHealthWrites, at: healthAction.mark, deep, "each health check would run a \(effect) action",
        advice: "name an action whose effect is read")
    }
  }

  private mutating func checkPublish(_ actions: YAMLNode?) {
    let trail = KeyTrail().key("publish")
    guard let publish = root["publish"] else { return }
    require(publish, among: names("actions"), "action", trail)
    if let name = publish.text, let effect = actions?[name]?["effect"]?.text,
      effect != Manifest.ActionDeclaration.Effect.write.rawValue
    {
      log.report(
        .notAWrite, at: publish.mark, trail, "\"\(name)\" has effect \(effect)",
        advice: "name an action whose effect is write")
    }
  }

  private mutating func checkErrors() {
    for (index, rule) in (root["errors"]?.elements ?? []).enumerated() {
      guard let when = rule["when"], case .mapping(let entries) = when.content, entries.isEmpty else {
        continue
      }
      log.report(
        .invalidValue, at: when.mark, KeyTrail().key("errors").index(index).key("when"),
        "the rule matches every failure, so no later rule is reached", advice: "add status or body")
    }
  }
}
