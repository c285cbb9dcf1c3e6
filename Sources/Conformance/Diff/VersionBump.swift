/// What a change costs those who use a connector; each is worse than those before it.
package enum VersionBump: String, Sendable, Codable, CaseIterable, Comparable {
  case none, patch, minor, major

  package static func < (left: VersionBump, right: VersionBump) -> Bool {
    allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
  }

  /// What two versions declare; nil when the second is not a later one.
  ///
  /// Before 1.0.0 the minor number stands for the major one.
  init?(from old: String, to new: String) {
    let (before, after) = (Self.numbers(old), Self.numbers(new))
    guard before.count == 3, after.count == 3 else { return nil }
    if before == after {
      self = .none
      return
    }
    guard before.lexicographicallyPrecedes(after) else { return nil }
    if before[0] != after[0] || (before[0] == 0 && before[1] != after[1]) {
      self = .major
    } else {
      self = before[1] != after[1] ? .minor : .patch
    }
  }

  private static func numbers(_ version: String) -> [Int] {
    version.prefix { $0 != "-" && $0 != "+" }.split(separator: ".").compactMap { Int($0) }
  }
}
