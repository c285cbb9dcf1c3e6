extension Limits {
  /// One bound that requests share; everything that is set holds at once.
  package struct Bucket: Sendable, Equatable {
    package enum Scope: String, Sendable, CaseIterable {
      /// Everything that one client id of this connector sends.
      case app
      /// Everything for one account, whichever connections lead to it.
      case account
      /// What one account sends to one endpoint.
      case endpoint
    }

    package var scope: Scope
    /// Exchanges under way at once; nil for no bound.
    package var concurrent: Int?
    /// Exchanges a window; nil for no bound.
    package var rate: Rate?
    /// What the platform's headers count down; nil when they do not.
    package var remaining: Remaining?
    /// What the platform's headers tell in percent; nil when they do not.
    package var usage: Usage?
    /// What the bodies of answers tell of a quota; nil when they do not.
    package var quota: Quota?
    /// Publishing goes before syncing.
    package var prefersPublishing: Bool

    package init(
      scope: Scope, concurrent: Int? = nil, rate: Rate? = nil, remaining: Remaining? = nil,
      usage: Usage? = nil, quota: Quota? = nil, prefersPublishing: Bool = true
    ) {
      self.scope = scope
      self.concurrent = concurrent
      self.rate = rate
      self.remaining = remaining
      self.usage = usage
      self.quota = quota
      self.prefersPublishing = prefersPublishing
    }
  }

  package struct Rate: Sendable, Equatable {
    package var count: Int
    package var window: Duration

    package init(count: Int, window: Duration) {
      self.count = count
      self.window = window
    }
  }

  /// A header that tells how many requests are left, and one that tells until when.
  package struct Remaining: Sendable, Equatable {
    package enum Unit: String, Sendable, CaseIterable {
      case epochSeconds = "epoch-seconds"
      case epochMilliseconds = "epoch-milliseconds"
      /// From the answer on.
      case seconds
      /// From the answer on.
      case minutes
      /// A date of HTTP or of ISO 8601.
      case date
    }

    package struct Reset: Sendable, Equatable {
      package var header: String
      package var unit: Unit

      package init(header: String, unit: Unit) {
        self.header = header
        self.unit = unit
      }
    }

    package var header: String
    package var reset: Reset?

    package init(header: String, reset: Reset? = nil) {
      self.header = header
      self.reset = reset
    }
  }

  /// Headers that tell how much is used up: a number, or JSON with numbers, in percent.
  package struct Usage: Sendable, Equatable {
    package var headers: [String]
    /// Percent from which requests are spread.
    package var slowAt: Int
    /// Percent from which requests wait.
    package var stopAt: Int

    package static let standardSlowAt = 80
    package static let standardStopAt = 95

    package init(headers: [String], slowAt: Int = standardSlowAt, stopAt: Int = standardStopAt) {
      self.headers = headers
      self.slowAt = slowAt
      self.stopAt = stopAt
    }
  }

  /// Where an answer's body tells what of a quota is used; it bounds writes only.
  package struct Quota: Sendable, Equatable {
    package var used: JSONPath
    package var total: JSONPath

    package init(used: JSONPath, total: JSONPath) {
      self.used = used
      self.total = total
    }
  }
}
