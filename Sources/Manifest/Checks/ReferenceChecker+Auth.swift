internal import ConnectorModel

extension ReferenceChecker {
  struct Alternative {
    var profile: String
    var node: YAMLNode
    var trail: KeyTrail
  }

  /// Every way to authenticate of every profile.
  func alternatives() -> [Alternative] {
    (root["auth"]?.entries ?? []).flatMap { entry in
      let trail = KeyTrail().key("auth").key(entry.key)
      guard let any = entry.value["any"] else {
        return [Alternative(profile: entry.key, node: entry.value, trail: trail)]
      }
      return any.elements.enumerated().map { index, node in
        Alternative(profile: entry.key, node: node, trail: trail.key("any").index(index))
      }
    }
  }

  mutating func checkAuth() {
    checkUseOfProfiles()
    for alternative in alternatives() {
      let trail = alternative.trail
      checkInjection(alternative.node["inject"], trail.key("inject"))
      for variable in alternative.node["derive"]?.entries ?? [] {
        checkGroup(variable.value["match"], trail.key("derive").key(variable.key).key("match"))
      }
      checkEnvironment(alternative.node["client"]?["id"], trail.key("client").key("id"))
      checkEnvironment(alternative.node["client"]?["secret"], trail.key("client").key("secret"))
      checkEnvironment(
        alternative.node["appsecret_proof"]?["secret"], trail.key("appsecret_proof").key("secret"))
      require(
        alternative.node["after"]?["request"]?["endpoint"], among: names("endpoints"), "endpoint",
        trail.key("after").key("request").key("endpoint"))
      checkExpiry(alternative.node["expires"], trail.key("expires"))
    }
  }

  private mutating func checkUseOfProfiles() {
    var used: Set<String> = []
    for endpoint in root["endpoints"]?.entries ?? [] {
      used.formUnion(endpoint.value["auth"]?.elements.compactMap(\.text) ?? [])
    }
    for profile in root["auth"]?.entries ?? [] {
      let trail = KeyTrail().key("auth").key(profile.key)
      if profile.key == "none" {
        log.report(
          .invalidName, at: profile.mark, trail, "\"none\" stands for requests without auth",
          advice: "choose another name")
      } else if !used.contains(profile.key) {
        log.report(
          .unusedAuth, at: profile.mark, trail, "no endpoint takes this profile",
          advice: "name it under an endpoint's auth, or remove it")
      }
    }
  }

  private mutating func checkInjection(_ inject: YAMLNode?, _ trail: KeyTrail) {
    if let basic = inject?["basic"], let user = basic["user"]?.text, let password = basic["password"]?.text,
      !user.contains("$key"), !password.contains("$key")
    {
      log.report(
        .keyNotInjected, at: basic.mark, trail.key("basic"), "neither user nor password holds $key",
        advice: "write password: \"$key\"")
    }
    if let bearer = inject?["bearer"], case .scalar(.bool(false), _) = bearer.content {
      log.report(
        .invalidValue, at: bearer.mark, trail.key("bearer"), "false injects nothing", advice: "write true")
    }
  }

  private mutating func checkGroup(_ node: YAMLNode?, _ trail: KeyTrail) {
    // The groups show only in a match, which an expression with an empty alternative always has.
    guard let node, let text = node.text, (try? Regex(text)) != nil, let probe = try? Regex("(?:\(text))|"),
      let match = try? probe.firstMatch(in: "")
    else { return }
    let groups = match.output.count - 1
    guard groups != 1 else { return }
    log.report(
      .invalidValue, at: node.mark, trail, "the expression has \(groups) groups",
      advice: "put exactly one (…) around the value; use (?:…) for others")
  }

  private mutating func checkEnvironment(_ node: YAMLNode?, _ trail: KeyTrail) {
    guard let node, let text = node.text, text.hasPrefix("env:"),
      TextForm.environmentReference.fault(in: text) == nil
    else { return }
    let name = String(text.dropFirst(4))
    let listed = root["env"]?.elements.compactMap(\.text) ?? []
    guard !listed.contains(name) else { return }
    log.report(
      .unlistedEnvironment, at: node.mark, trail, "\(name) is not listed under env",
      advice: "add it there, so that it is looked after",
      suggestion: NearestWord.nearest(to: name, among: listed))
  }

  private mutating func checkExpiry(_ node: YAMLNode?, _ trail: KeyTrail) {
    guard let node, let text = node.text, text != "never", Duration(manifest: text) == nil else { return }
    log.report(
      .invalidValue, at: node.mark, trail, "\"\(text.prefix(80))\" is neither never nor a duration",
      advice: "write never, or a duration such as 60d")
  }
}
