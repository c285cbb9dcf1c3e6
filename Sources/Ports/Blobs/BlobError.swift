/// Why a blob could not be read, written or kept.
package struct BlobError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// Nothing is kept under this name.
    case missing
    /// Over a limit of one blob or of its tenant.
    case tooLarge
    /// The disk is full.
    case full
    /// Anything else that the file system or the store says.
    case unavailable
  }

  package var kind: Kind
  /// One sentence: what, and what to do.
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var description: String { message }
}
