/// Who may be on the wire now: counts, queues and the speed that the platform's refusals allow.
///
/// A pure value. A request claims all its buckets at once or waits; in each bucket requests are served in the order
/// they came. A refusal halves a bucket, ten successes win one place back.
struct ConcurrencyBuckets: Sendable {
  struct Key: Sendable, Hashable {
    /// The bucket's name in the manifest.
    var bucket: String
    /// What it is counted for: an account, an app, an endpoint.
    var subject: String
  }

  /// A place in a bucket that a request needs.
  struct Claim: Sendable, Equatable {
    var key: Key
    var limit: Int
  }

  /// Places held; returned once.
  struct Permit: Sendable, Equatable {
    fileprivate(set) var rounds: [Key: Int] = [:]
  }

  /// What an exchange tells about the platform's mood.
  enum Pace: Sendable, Equatable { case fine, refused, unclear }

  struct Admission: Sendable, Equatable {
    var id: UInt64
    var permit: Permit
  }

  fileprivate struct Bucket: Sendable {
    var limit: Int
    var allowed: Int
    var running = 0
    var successes = 0
    /// Counts halvings, so that requests that were refused together halve once.
    var round = 0
    var queue: [UInt64] = []

    var isIdle: Bool { running == 0 && queue.isEmpty && allowed == limit }
  }

  fileprivate static let successesPerPlace = 10

  private var buckets: [Key: Bucket] = [:]
  private var waiting: [UInt64: [Key]] = [:]

  /// Claims places for request `id`.
  ///
  /// - Returns: the permit, or nil when the request has to wait for an admission.
  mutating func enter(_ id: UInt64, _ claims: [Claim]) -> Permit? {
    let keys = claims.map(\.key)
    for claim in claims {
      if buckets[claim.key] == nil {
        buckets[claim.key] = Bucket(limit: max(1, claim.limit), allowed: max(1, claim.limit))
      }
      buckets[claim.key]?.queue.append(id)
    }
    waiting[id] = keys
    return admitHeads(of: keys).first?.permit
  }

  /// Returns the places of a finished exchange.
  ///
  /// - Returns: the requests that may go now.
  mutating func leave(_ permit: Permit, _ pace: Pace) -> [Admission] {
    for (key, round) in permit.rounds {
      buckets[key]?.running -= 1
      switch pace {
      case .fine: buckets[key]?.succeed()
      case .refused: buckets[key]?.slowDown(round: round)
      case .unclear: break
      }
    }
    let admitted = admitHeads(of: Array(permit.rounds.keys))
    for key in permit.rounds.keys where buckets[key]?.isIdle == true { buckets[key] = nil }
    return admitted
  }

  /// Takes a waiting request out of its queues.
  ///
  /// - Returns: nil when it does not wait, else the requests behind it that may go now.
  mutating func giveUp(_ id: UInt64) -> [Admission]? {
    guard let keys = waiting.removeValue(forKey: id) else { return nil }
    for key in keys { buckets[key]?.queue.removeAll { $0 == id } }
    return admitHeads(of: keys)
  }

  /// Exchanges that may be under way at once, nil for a bucket nobody uses.
  func allowed(_ key: Key) -> Int? { buckets[key]?.allowed }

  private mutating func admitHeads(of keys: [Key]) -> [Admission] {
    var admitted: [Admission] = []
    var work = keys
    while let key = work.popLast() {
      while let id = buckets[key]?.queue.first, let needed = waiting[id], isHead(id, ofAll: needed) {
        var permit = Permit()
        for key in needed {
          buckets[key]?.queue.removeFirst()
          buckets[key]?.running += 1
          permit.rounds[key] = buckets[key]?.round
        }
        waiting[id] = nil
        admitted.append(Admission(id: id, permit: permit))
        work += needed.filter { $0 != key }
      }
    }
    return admitted
  }

  private func isHead(_ id: UInt64, ofAll keys: [Key]) -> Bool {
    keys.allSatisfy { key in
      buckets[key].map { $0.queue.first == id && $0.running < $0.allowed } ?? false
    }
  }
}

extension ConcurrencyBuckets.Bucket {
  fileprivate mutating func slowDown(round started: Int) {
    guard started == round else { return }
    allowed = max(1, allowed / 2)
    round += 1
    successes = 0
  }

  fileprivate mutating func succeed() {
    guard allowed < limit else { return }
    successes += 1
    if successes == ConcurrencyBuckets.successesPerPlace {
      allowed += 1
      successes = 0
    }
  }
}
