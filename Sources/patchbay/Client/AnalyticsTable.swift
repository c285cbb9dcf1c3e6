internal import ConnectorModel

/// Records as rows: what all have, then whatever any of them tells, members of members by names with dots.
struct AnalyticsTable {
  /// What lies deeper stands in one cell.
  private static let depth = 3
  private static let common = ["stream", "kind", "subject", "at", "updatedAt"]

  let header: [String]
  let rows: [[JSONValue]]

  init(_ records: [JSONValue]) {
    let told = records.map { Self.cells(of: $0["data"] ?? .null, named: "", depth: Self.depth) }
    // These stand in front already.
    let others = Set(told.flatMap(\.keys)).subtracting(["", "id", "kind", "subject", "at"]).sorted()
    header = Self.common + others
    rows = zip(records, told).map { record, cells in
      Self.common.map { record[$0] ?? .null } + others.map { cells[$0] ?? .null }
    }
  }

  private static func cells(of value: JSONValue, named name: String, depth: Int) -> [String: JSONValue] {
    guard case .object(let members) = value, depth > 0, !members.isEmpty else { return [name: value] }
    var cells: [String: JSONValue] = [:]
    for (member, value) in members {
      let path = name.isEmpty ? member : "\(name).\(member)"
      cells.merge(Self.cells(of: value, named: path, depth: depth - 1)) { first, _ in first }
    }
    return cells
  }
}
