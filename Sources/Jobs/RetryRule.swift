package import Manifest

/// What the manifest says of repeating an action.
package struct RetryRule: Sendable, Equatable {
  package var retry: Manifest.ActionDeclaration.Retry
  package var isDestructive: Bool
  /// What the account must have granted.
  package var scopes: [String]

  package init(retry: Manifest.ActionDeclaration.Retry, isDestructive: Bool = false, scopes: [String] = []) {
    self.retry = retry
    self.isDestructive = isDestructive
    self.scopes = scopes
  }

  package init(_ action: Manifest.ActionDeclaration) {
    self.init(retry: action.retry, isDestructive: action.effect == .destructive, scopes: action.scopes)
  }

  /// Whether the host may start another operation by itself after one that performed a write.
  var allowsRepeatAfterWrite: Bool { retry != .never && !isDestructive }

  /// An operation that performed a write obliges later ones to look before they write.
  var looksFirstAfterWrite: Bool { retry == .reconcile }
}
