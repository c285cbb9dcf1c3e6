internal import Manifest
internal import Ports

/// What outlives a limiter.
extension Limiter {
  /// What was sent under rates with long windows and still counts, by bucket and subject.
  func rateCounts(now: UInt64) -> [RateCount] {
    desks.values.compactMap { desk in
      let places = desk.bucket.ratePlaces(now: now)
      return places.isEmpty
        ? nil : RateCount(bucket: desk.key.bucket, subject: desk.key.subject, places: places)
    }
    .sorted { ($0.bucket, $0.subject) < ($1.bucket, $1.subject) }
  }

  /// Goes on from what another one knew; buckets that are declared no more are left out.
  mutating func take(_ counts: [RateCount], declared: [String: Limits.Bucket], now: UInt64) {
    for count in counts {
      guard let bucket = declared[count.bucket], bucket.rate != nil else { continue }
      let number = open(
        LimitClaim(key: LimitKey(bucket: count.bucket, subject: count.subject), declared: bucket))
      desks[number]?.bucket.take(count.places, now: now)
      forgetIfIdle(number, now: now)
    }
  }
}
