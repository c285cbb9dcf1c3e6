internal import Manifest
internal import Ports

/// Holds media against the manifest: what was found, and what is allowed.
enum MediaJudge {
  /// What is wrong with media at one place; nil when nothing is.
  static func complaint(about blob: StoredBlob, by rules: [MediaRule]) -> String? {
    guard let rule = rules.first(where: { $0.accepts(blob.type) }) else {
      return "is \(blob.type); allowed is \(rules.flatMap(\.types).joined(separator: ", "))"
    }
    if let size = rule.size, blob.size > size {
      return "has \(blob.size) bytes; allowed are at most \(size)"
    }
    return complaint(about: blob.width, "wide", rule.width) ?? complaint(
      about: blob.height, "high", rule.height)
      ?? complaint(aboutShapeOf: blob, rule) ?? complaint(aboutLengthOf: blob, rule)
  }

  /// What is wrong with how much media there is.
  ///
  /// - Parameter types: of all that stands where the rule's path leads.
  static func complaint(about types: [String], by rule: MediaRule, among rules: [MediaRule])
    -> String?
  {
    // Each counts for the rule that governs it.
    let count = types.count { type in
      rules.first { $0.path == rule.path && $0.accepts(type) } == rule
    }
    guard !rule.count.contains(count) else { return nil }
    return
      "there are \(count) of \(rule.types.joined(separator: ", ")); allowed are \(words(rule.count))"
  }

  private static func complaint(about pixels: Int?, _ word: String, _ bounds: MediaRule.Bounds<Int>)
    -> String?
  {
    guard bounds != .init() else { return nil }
    guard let pixels else {
      return "does not tell how \(word) it is; allowed are \(words(bounds)) pixels"
    }
    return bounds.contains(pixels)
      ? nil : "is \(pixels) pixels \(word); allowed are \(words(bounds))"
  }

  private static func complaint(aboutShapeOf blob: StoredBlob, _ rule: MediaRule) -> String? {
    guard rule.pixels != nil || rule.aspect != .init() else { return nil }
    guard let width = blob.width, let height = blob.height,
      let ratio = AspectRatio(width: width, height: height)
    else { return "does not tell its size in pixels" }
    if let most = rule.pixels, width * height > most {
      return "has \(width * height) pixels; allowed are at most \(most)"
    }
    return rule.aspect.contains(ratio)
      ? nil : "is \(width) by \(height) pixels; allowed are ratios \(words(rule.aspect))"
  }

  private static func complaint(aboutLengthOf blob: StoredBlob, _ rule: MediaRule) -> String? {
    guard rule.duration != .init() else { return nil }
    guard let milliseconds = blob.durationMilliseconds else {
      // A picture has no length, and a rule for both kinds speaks of films.
      return blob.type.hasPrefix("image/") ? nil : "does not tell how long it is"
    }
    guard !rule.duration.contains(.milliseconds(milliseconds)) else { return nil }
    return "is \(milliseconds) ms long; allowed are "
      + words(
        MediaRule.Bounds(
          minimum: rule.duration.minimum.map { $0.milliseconds },
          maximum: rule.duration.maximum.map { $0.milliseconds }))
      + " ms"
  }

  private static func words<Value: CustomStringConvertible>(_ bounds: MediaRule.Bounds<Value>)
    -> String
  {
    switch (bounds.minimum, bounds.maximum) {
    case (let least?, let most?):
      "\(least)" == "\(most)" ? "exactly \(least)" : "\(least) to \(most)"
    case (let least?, nil): "at least \(least)"
    case (nil, let most?): "at most \(most)"
    case (nil, nil): "any"
    }
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
