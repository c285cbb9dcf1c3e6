/// Why a host could not do what it was asked, before any connector was called.
package struct RuntimeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence: what, where, what to do.
  package let description: String

  package init(_ description: String) { self.description = description }
}
