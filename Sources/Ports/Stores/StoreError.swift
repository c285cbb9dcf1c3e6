/// Why a store did not do what it was asked.
///
/// Nothing that it acknowledged before is lost by it.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: String, Sendable, Equatable {
    /// The lease was lost: another worker has the job, and nothing was stored.
    case fenced
    case notFound = "not_found"
    /// The row has changed since it was read, or exists already.
    case conflict
    /// No space is left.
    case full
    case readOnly = "read_only"
    /// The file is damaged; it is not written to any more.
    case corrupt
    /// Written by a later version of Patchbay.
    case tooNew = "too_new"
    /// The engine does not answer, or is shut down.
    case unavailable
  }

  package var code: Code
  /// One sentence: what, where, what to do; no row's content.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
