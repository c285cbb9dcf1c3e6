internal import ConnectorModel

extension ReferenceChecker {
  mutating func checkMedia(_ rules: YAMLNode?, _ trail: KeyTrail) {
    var open: Set<String> = []
    for (index, rule) in (rules?.elements ?? []).enumerated() {
      let trail = trail.index(index)
      for key in ["count", "width", "height"] { checkOrder(rule[key], trail.key(key)) { $0.integer } }
      checkOrder(rule["aspect"], trail.key("aspect")) { $0.text.flatMap(AspectRatio.init) }
      checkOrder(rule["duration"], trail.key("duration")) { $0.text.flatMap(Duration.init(manifest:)) }
      guard let path = rule["path"], let text = path.text else { continue }
      if text == "$" {
        log.report(
          .invalidValue, at: path.mark, trail.key("path"), "the whole input cannot be media",
          advice: "name the member that holds it, such as $.file")
      }
      checkReach(rule, path, text, among: &open, trail)
    }
  }

  /// A later rule for types that an earlier one of the same place takes already never counts.
  private mutating func checkReach(
    _ rule: YAMLNode, _ path: YAMLNode, _ place: String, among open: inout Set<String>, _ trail: KeyTrail
  ) {
    for (index, type) in (rule["types"]?.elements ?? []).enumerated() {
      guard let text = type.text else { continue }
      let all = text.prefix { $0 != "/" } + "/*"
      if open.contains("\(place) \(text)") || open.contains("\(place) \(all)") {
        log.report(
          .repeatedElement, at: type.mark, trail.key("types").index(index),
          "an earlier rule of \(place) takes \(text) already", advice: "remove it, or put this rule first")
      }
    }
    for type in rule["types"]?.elements ?? [] { open.insert("\(place) \(type.text ?? "")") }
  }

  private mutating func checkOrder<Value: Comparable>(
    _ bounds: YAMLNode?, _ trail: KeyTrail, _ read: (YAMLNode) -> Value?
  ) {
    guard let bounds, let low = bounds["min"], let high = bounds["max"], let minimum = read(low),
      let maximum = read(high), minimum > maximum
    else { return }
    log.report(
      .invalidValue, at: low.mark, trail.key("min"), "the least is above the most", advice: "exchange them")
  }
}

extension YAMLNode {
  fileprivate var integer: Int64? {
    guard case .scalar(.integer(let number), _) = content else { return nil }
    return number
  }
}
