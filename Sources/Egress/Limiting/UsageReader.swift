internal import ConnectorModel
internal import Manifest

internal import struct FoundationEssentials.Decimal

/// Reads headers that tell usage in percent.
///
/// Known forms: a number; an object of numbers; an object of lists of such objects, one list for each thing that is
/// counted, each with several entries.
struct UsageReader: Sendable {
  let usage: Limits.Usage

  /// Members whose numbers are percents, besides those whose names end in `_pct` or `_percent`.
  private static let percents: Set<String> = ["call_count", "total_time", "total_cputime"]
  /// Minutes until requests pass again.
  private static let minutes = "estimated_time_to_regain_access"
  /// Seconds until requests pass again, where nothing is left.
  private static let seconds = "reset_time_duration"
  private static let maximumBytes = 32 * 1024

  /// - Parameter isSuccess: whether a header that is missing says that there is nothing to tell.
  func readings(in headers: [HeaderField], isSuccess: Bool) -> UsageRule.Readings {
    var readings = UsageRule.Readings(isConclusive: isSuccess)
    for header in usage.headers {
      let name = header.lowercased()
      guard let text = headers[name] else {
        if isSuccess { readings.silent.append(name) }
        continue
      }
      readings.told += told(text, name)
    }
    return readings
  }

  private func told(_ text: String, _ name: String) -> [UsageRule.Reading] {
    guard text.utf8.count <= Self.maximumBytes,
      let json = try? StableJSON.decode(JSONValue.self, from: Array(text.utf8))
    else { return [] }
    if let percent = json.roundedUp { return [.init(source: name, percent: percent, regain: nil)] }
    guard case .object(let members) = json else { return [] }
    if let own = reading(members, name) { return [own] }
    return members.sorted { $0.key < $1.key }.flatMap { id, value in
      (value.elements ?? [value]).enumerated().compactMap { index, entry -> UsageRule.Reading? in
        guard case .object(let members) = entry else { return nil }
        return reading(members, "\(name)/\(id)/\(members["type"]?.text ?? String(index))")
      }
    }
  }

  /// Nil when the object tells nothing that is known here.
  private func reading(_ members: [String: JSONValue], _ source: String) -> UsageRule.Reading? {
    let percents = members.compactMap { name, value in
      Self.percents.contains(name) || name.hasSuffix("_pct") || name.hasSuffix("_percent")
        ? value.roundedUp : nil
    }
    let minutes = members[Self.minutes]?.roundedUp ?? 0
    guard let percent = percents.max() ?? (minutes > 0 ? 100 : nil) else { return nil }
    let seconds = percent >= usage.stopAt ? members[Self.seconds]?.roundedUp ?? 0 : 0
    let regain = max(min(minutes, 100_000) * 60, min(seconds, 6_000_000))
    return UsageRule.Reading(source: source, percent: percent, regain: regain > 0 ? .seconds(regain) : nil)
  }
}

extension JSONValue {
  /// A number as a whole one, never less than it is; nil for anything else and for negative ones.
  fileprivate var roundedUp: Int? {
    switch self {
    case .integer(let number) where number >= 0: Int(clamping: number)
    case .decimal(let number) where number >= 0:
      wholeNumber.map { Decimal($0) < number ? $0 + 1 : $0 }
    default: nil
    }
  }
}
