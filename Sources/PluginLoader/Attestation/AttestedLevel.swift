/// How much of the conformance cases a connector has passed; each level includes those before it.
package enum AttestedLevel: String, Sendable, CaseIterable, Comparable {
  case bronze, silver, gold

  package static func < (left: AttestedLevel, right: AttestedLevel) -> Bool {
    allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
  }
}
