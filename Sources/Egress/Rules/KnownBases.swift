internal import Synchronization

/// Remembers what the bases of endpoints came to: connections are few and requests are many.
final class KnownBases: Sendable {
  struct Place: Sendable, Hashable {
    let endpoint: String
    /// The connection's.
    let variables: [String: String]
  }

  private static let maximum = 1_024

  private let bases = Mutex<[Place: [NormalizedURL]]>([:])

  /// Nil when nobody told; may forget.
  subscript(_ place: Place) -> [NormalizedURL]? {
    get { bases.withLock { $0[place] } }
    set {
      bases.withLock { bases in
        if bases.count >= Self.maximum { bases = [:] }
        bases[place] = newValue
      }
    }
  }
}
