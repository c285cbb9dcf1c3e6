/// A part of a list: ask again with ``next`` until it is nil.
package struct Page<Element: Sendable>: Sendable {
  package var elements: [Element]
  /// Opaque; belongs to the same list with the same filter.
  package var next: String?

  package init(_ elements: [Element], next: String? = nil) {
    self.elements = elements
    self.next = next
  }
}

/// Which part of a list is wanted.
package struct PageRequest: Sendable, Equatable {
  package static let maximumLimit = 200

  /// ``Page/next`` of the part before; nil for the first.
  package var after: String?
  /// 1 to ``maximumLimit``.
  package var limit: Int

  package init(after: String? = nil, limit: Int = 50) {
    self.after = after
    self.limit = min(max(1, limit), Self.maximumLimit)
  }
}
