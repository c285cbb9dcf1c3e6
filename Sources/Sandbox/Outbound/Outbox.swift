internal import ConnectorModel

/// The webhook deliveries of one platform: waiting, under way, done or given up.
///
/// A value without a clock: `take` says what is due, `close` takes how it ended.
struct Outbox: Sendable {
  /// How long after each failed attempt the next one comes; 75 minutes in all.
  static let retryDelaysMs: [Int64] = [60_000, 240_000, 600_000, 1_200_000, 2_400_000]
  /// How many calls are under way at the same time.
  static let sideBySide = 8
  /// How many deliveries that are over are kept to be looked at.
  static let remembered = 1000

  /// How many may wait; what comes then is lost, as it is with a platform that is overrun.
  static let mostWaiting = 10_000

  private(set) var deliveries: [Delivery] = []
  private(set) var lost = 0
  private var issued = 0

  struct Delivery: Sendable {
    let id: Int
    /// The webhook it belongs to.
    let hook: String
    let url: LoopbackURL
    /// What happened, in the platform's word.
    let type: String
    let body: [UInt8]
    fileprivate(set) var attempts = 0
    fileprivate(set) var state: State
    /// What the last attempt was answered; nil where there was no answer.
    fileprivate(set) var lastStatus: Int?

    var isOver: Bool {
      switch state {
      case .waiting, .underWay: false
      case .delivered, .givenUp, .cancelled: true
      }
    }
  }

  enum State: Sendable, Equatable {
    case waiting(until: SandboxInstant)
    case underWay
    case delivered
    case givenUp
    case cancelled

    var name: String {
      switch self {
      case .waiting: "waiting"
      case .underWay: "under way"
      case .delivered: "delivered"
      case .givenUp: "given up"
      case .cancelled: "cancelled"
      }
    }
  }

  mutating func add(hook: String, url: LoopbackURL, type: String, body: [UInt8], at now: SandboxInstant) {
    issued += 1
    if deliveries.count > Self.remembered, let oldest = deliveries.firstIndex(where: \.isOver) {
      deliveries.remove(at: oldest)
    }
    guard deliveries.count < Self.mostWaiting else {
      lost += 1
      return
    }
    deliveries.append(
      Delivery(id: issued, hook: hook, url: url, type: type, body: body, state: .waiting(until: now)))
  }

  /// What is to be sent now, oldest first; each is under way until `close`.
  mutating func take(at now: SandboxInstant) -> [Delivery] {
    var free = Self.sideBySide - deliveries.count { $0.state == .underWay }
    var taken: [Delivery] = []
    for index in deliveries.indices where free > 0 {
      guard case .waiting(let time) = deliveries[index].state, time <= now else { continue }
      deliveries[index].state = .underWay
      deliveries[index].attempts += 1
      taken.append(deliveries[index])
      free -= 1
    }
    return taken
  }

  /// Takes the end of an attempt; returns the webhook that is to be disabled because it answered 410.
  ///
  /// - Parameter status: nil where there was no answer in time.
  mutating func close(_ id: Int, status: Int?, at now: SandboxInstant) -> String? {
    guard let index = deliveries.firstIndex(where: { $0.id == id && $0.state == .underWay }) else {
      return nil
    }
    deliveries[index].lastStatus = status
    let attempts = deliveries[index].attempts
    if let status, (200...299).contains(status) {
      deliveries[index].state = .delivered
    } else if status == 410 {
      deliveries[index].state = .givenUp
      return deliveries[index].hook
    } else if attempts <= Self.retryDelaysMs.count {
      deliveries[index].state = .waiting(
        until: now.advanced(byMilliseconds: Self.retryDelaysMs[attempts - 1]))
    } else {
      deliveries[index].state = .givenUp
    }
    return nil
  }

  /// Drops what waits for a webhook that is gone.
  mutating func cancel(hook: String) {
    for index in deliveries.indices where deliveries[index].hook == hook && !deliveries[index].isOver {
      deliveries[index].state = .cancelled
    }
  }

  /// When `take` has something next, or nil where nothing waits.
  var nextDue: SandboxInstant? {
    deliveries.compactMap { delivery -> SandboxInstant? in
      guard case .waiting(let time) = delivery.state else { return nil }
      return time
    }.min()
  }

  func waiting(for hooks: Set<String>) -> Int { deliveries.count { !$0.isOver && hooks.contains($0.hook) } }

  var json: JSONValue {
    .array(
      deliveries.map { delivery in
        var members: [String: JSONValue] = [
          "id": .number(delivery.id), "webhook_id": .string(delivery.hook), "type": .string(delivery.type),
          "url": .string(delivery.url.text), "attempts": .number(delivery.attempts),
          "state": .string(delivery.state.name),
          "last_status": delivery.lastStatus.map { .number($0) } ?? .null,
        ]
        if case .waiting(let time) = delivery.state { members["next_attempt"] = .string(time.iso8601) }
        return .object(members)
      })
  }
}
