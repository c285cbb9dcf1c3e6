internal import Ports
internal import Runtime

/// What many publishes took, in milliseconds, by where the time went.
final class PublishTimings {
  struct Summary: Encodable {
    let posts: Int
    let published: Int
    let perSecond: Double
    /// Of this process, so without the sandbox.
    let cpuMillisecondsPerPublish: Double
    let milliseconds: [String: Quantiles]
  }

  private(set) var rows: [(name: String, values: [Double])]
  private var posts = 0
  private var published = 0
  var took = Duration.zero
  var cpu = Duration.zero

  private static let parts: [(name: String, take: @Sendable (JobDetail, Attempt) -> UInt64)] = [
    ("accepted to published", { detail, _ in total(detail) }),
    ("all but network", { detail, attempt in rest(total(detail), attempt.times) }),
    ("queue", { _, attempt in attempt.times.queue }),
    ("limiter", { _, attempt in attempt.times.limiter }),
    ("token", { _, attempt in attempt.times.token }),
    ("connector", { _, attempt in attempt.times.connector }),
    ("network", { _, attempt in attempt.times.network }),
    ("journal", { _, attempt in attempt.times.journal }),
    (
      "host's own",
      { _, attempt in
        let left = rest((attempt.endedAt - attempt.startedAt) / 1_000, attempt.times)
        return left - min(left, attempt.times.journal)
      }
    ),
    (
      "host's own a request",
      { _, attempt in
        let left = rest((attempt.endedAt - attempt.startedAt) / 1_000, attempt.times)
        return (left - min(left, attempt.times.journal)) / UInt64(max(1, attempt.requests))
      }
    ),
  ]

  init() { rows = Self.parts.map { ($0.name, []) } }

  /// Those that were not published, or not at the first attempt, are counted and not timed.
  func add(_ details: [JobDetail]) {
    for detail in details {
      posts += 1
      guard detail.job.state == .published, let attempt = detail.attempts.first, detail.attempts.count == 1
      else { continue }
      published += 1
      for (index, part) in Self.parts.enumerated() {
        rows[index].values.append(Double(part.take(detail, attempt)) / 1_000)
      }
    }
  }

  var summary: Summary {
    Summary(
      posts: posts, published: published, perSecond: Double(posts) / max(0.000_001, took / .seconds(1)),
      cpuMillisecondsPerPublish: cpu / .milliseconds(1) / Double(max(1, posts)),
      milliseconds: Dictionary(uniqueKeysWithValues: rows.map { ($0.name, Quantiles($0.values)) }))
  }

  private static func total(_ detail: JobDetail) -> UInt64 {
    ((detail.job.finishedAt ?? detail.job.createdAt) - detail.job.createdAt) / 1_000
  }

  private static func rest(_ microseconds: UInt64, _ times: AttemptTimes) -> UInt64 {
    microseconds - min(microseconds, times.network + times.limiter)
  }
}
