/// Text that cannot be printed: interpolating, dumping or encoding it never shows what it holds.
package struct Secret: Sendable, Hashable {
  private let text: String

  package init(_ text: String) { self.text = text }

  /// Hands out the text for the duration of `body`.
  ///
  /// The one way in; look for it in review.
  package func reveal<Result>(_ body: (String) throws -> Result) rethrows -> Result {
    try body(text)
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "‹secret›" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
