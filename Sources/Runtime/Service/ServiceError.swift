internal import Ports

/// Why the service did not do what an application asked: what its caller is told.
package struct ServiceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Stable; part of the HTTP API.
  package enum Code: String, Sendable, CaseIterable {
    case unauthenticated
    /// The key lacks a scope, or another tenant's rows were named.
    case forbidden
    case notFound = "not_found"
    case invalidInput = "invalid_input"
    /// Its state does not allow that.
    case conflict
    /// Same idempotency key, other body.
    case idempotencyConflict = "idempotency_conflict"
    /// The platform or its connector cannot do that.
    case unsupported
    /// The platform refused the account.
    case rejectedByPlatform = "rejected_by_platform"
    /// The platform cannot be reached or is at fault.
    case platformUnavailable = "platform_unavailable"
    /// Too much waits already.
    case overloaded
    /// The store does not take anything.
    case storeUnavailable = "store_unavailable"
    case `internal`
  }

  package var code: Code
  /// One sentence: what, where, what to do; no secret.
  package var message: String
  /// A JSON pointer into the request's body.
  package var pointer: String?
  /// For `overloaded` and `store_unavailable`.
  package var retryAfter: Duration?

  package init(_ code: Code, _ message: String, pointer: String? = nil, retryAfter: Duration? = nil) {
    self.code = code
    self.message = message
    self.pointer = pointer
    self.retryAfter = retryAfter
  }

  package var description: String { message }
}
