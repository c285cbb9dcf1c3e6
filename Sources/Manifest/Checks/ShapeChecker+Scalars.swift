internal import ConnectorModel

extension ShapeChecker {
  mutating func checkText(_ node: YAMLNode, _ form: TextForm, _ trail: KeyTrail) {
    guard let text = node.text else {
      guard case .scalar(_, let source) = node.content, form.fault(in: source) == nil else {
        return reportType(node, form.noun, trail, advice: form.advice)
      }
      return reportType(node, "text", trail, advice: "put it in quotes: \"\(source)\"")
    }
    guard let fault = form.fault(in: text) else { return }
    let words = form.mayBeRepeated ? "\"\(text.prefix(80))\" is not \(form.noun)" : "this is not \(form.noun)"
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    log.report(
      .invalidValue, at: node.mark, trail, words + (fault.isEmpty ? "" : ": \(fault)"), advice: form.advice,
      suggestion: form == .httpMethod ? NearestWord.nearest(to: text, among: methods) : nil)
  }

  mutating func checkWord(_ node: YAMLNode, _ words: [String], _ trail: KeyTrail) {
    guard let text = node.text else {
      return reportType(node, "one of \(words.joined(separator: ", "))", trail)
    }
    guard !words.contains(text) else { return }
    log.report(
      .unknownWord, at: node.mark, trail, "\"\(text.prefix(80))\" is not known here",
      advice: "write one of \(words.joined(separator: ", "))",
      suggestion: NearestWord.nearest(to: text, among: words))
  }

  mutating func checkInteger(_ node: YAMLNode, _ range: ClosedRange<Int>, _ trail: KeyTrail) {
    guard case .scalar(.integer(let number), _) = node.content else {
      return reportType(node, "a whole number", trail)
    }
    guard !range.contains(Int(number)) else { return }
    log.report(
      .invalidValue, at: node.mark, trail, "\(number) is out of range",
      advice: "write a number from \(range.lowerBound) to \(range.upperBound)")
  }

  mutating func checkSize(_ node: YAMLNode, _ trail: KeyTrail) {
    if case .scalar(.integer(let bytes), _) = node.content, bytes > 0 { return }
    if let text = node.text, ByteCount.parse(text) != nil { return }
    let advice = "write bytes, or a whole number with B, kB, MB, GB, KiB, MiB or GiB, such as 8MiB"
    switch node.content {
    case .text(let text):
      log.report(.invalidValue, at: node.mark, trail, "\"\(text.prefix(80))\" is not a size", advice: advice)
    case .scalar(.integer(let bytes), _):
      log.report(.invalidValue, at: node.mark, trail, "\(bytes) is not a size", advice: advice)
    default: reportType(node, "a size such as 8MiB", trail)
    }
  }

  /// Reports a node of the wrong kind; `advice` is for those that say more than "write it".
  mutating func reportType(_ node: YAMLNode, _ wanted: String, _ trail: KeyTrail, advice: String? = nil) {
    let found: String
    switch node.content {
    case .text: found = "text"
    case .scalar(.null, _): found = "empty"
    case .scalar(.bool, let source): found = source
    case .scalar(_, let source): found = "the number \(source)"
    case .list: found = "a list"
    case .mapping: found = "a mapping"
    case .broken: return
    }
    let words = node.isNull ? "write \(wanted), or remove the key" : advice ?? "write \(wanted)"
    log.report(.wrongType, at: node.mark, trail, "this is \(found), not \(wanted)", advice: words)
  }
}
