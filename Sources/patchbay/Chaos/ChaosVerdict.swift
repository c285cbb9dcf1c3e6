internal import ConnectorModel
internal import Ports

/// What a run of chaos came to.
struct ChaosVerdict: Sendable {
  let posts: Int
  let seed: UInt64
  var kills = 0
  /// The host had an operation on record when it fell.
  var killsDuringWork = 0
  /// It had sent a write whose result it did not know.
  var killsBetween = 0
  var reloads = 0
  /// Broken libraries that left the old one running.
  var refusals = 0
  /// The most that one host loaded.
  var generations = 0
  /// Jobs by state at the end.
  var states: [String: Int] = [:]
  private(set) var lost: [Int] = []
  private(set) var doubled: [Int] = []

  init(posts: Int, seed: UInt64) {
    self.posts = posts
    self.seed = seed
  }

  /// What tells one post from all others on the platform.
  static func subject(_ number: Int) -> String { "Chaos post \(number)" }

  /// Compares what was asked for with what the platform made and sent.
  ///
  /// A draft that was made twice is a doubled write, though only one of the two was sent.
  mutating func count(platform state: JSONValue) {
    let sent = Self.counts((state["sends"]?.elements ?? []).map { $0["subject_line"] })
    let made = Self.counts((state["campaigns"]?.elements ?? []).map { $0["settings"]?["subject_line"] })
    for number in 0..<posts {
      let subject = Self.subject(number)
      if sent[subject] == nil { lost.append(number) }
      if max(sent[subject] ?? 0, made[subject] ?? 0) > 1 { doubled.append(number) }
    }
  }

  private static func counts(_ subjects: [JSONValue?]) -> [String: Int] {
    Dictionary(grouping: subjects.compactMap { $0?.text }) { $0 }.mapValues(\.count)
  }

  var isGood: Bool {
    lost.isEmpty && doubled.isEmpty && states[Job.State.published.rawValue] == posts
  }

  var table: [String] {
    let share = kills == 0 ? 0 : killsBetween * 100 / kills
    var lines = [
      "seed \(seed)",
      "kills \(kills), during work \(killsDuringWork), between an intent and its result \(killsBetween) (\(share) %)",
      "published \(states["published"] ?? 0), dead \(states["dead"] ?? 0), unknown \(states["unknown"] ?? 0), "
        + "lost \(lost.count), duplicated \(doubled.count)",
    ]
    if reloads > 0 {
      lines.insert(
        "reloads \(reloads), broken libraries refused \(refusals), most generations in one host \(generations)",
        at: 2)
    }
    let others = states.filter { $0.value > 0 && !["published", "dead", "unknown"].contains($0.key) }
    if !others.isEmpty {
      lines.append(
        "not ended: "
          + others.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
    if !lost.isEmpty { lines.append("lost: \(lost.prefix(20).map(String.init).joined(separator: ", "))") }
    if !doubled.isEmpty {
      lines.append("duplicated: \(doubled.prefix(20).map(String.init).joined(separator: ", "))")
    }
    return lines
  }
}
