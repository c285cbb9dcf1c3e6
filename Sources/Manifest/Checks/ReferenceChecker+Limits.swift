internal import ConnectorModel

extension ReferenceChecker {
  mutating func checkLimits() {
    let limits = KeyTrail().key("limits")
    let buckets = root["limits"]?["buckets"]?.entries ?? []
    let defaults = root["limits"]?["defaults"]?["bucket"]
    requireEach(
      of: defaults, among: buckets.map(\.key), "bucket", limits.key("defaults").key("bucket"))
    var used = Set(defaults?.elements.compactMap(\.text) ?? [])
    for endpoint in root["endpoints"]?.entries ?? [] {
      used.formUnion(endpoint.value["buckets"]?.elements.compactMap(\.text) ?? [])
    }
    for bucket in buckets {
      let trail = limits.key("buckets").key(bucket.key)
      if !used.contains(bucket.key) {
        log.report(
          .unusedBucket, at: bucket.mark, trail, "no request passes this bucket",
          advice: "name it under limits.defaults.bucket or an endpoint's buckets")
      }
      if case .mapping(let entries) = bucket.value.content,
        !entries.contains(where: { $0.key != "scope" && $0.key != "priority" })
      {
        log.report(
          .emptyBucket, at: bucket.mark, trail, "the bucket bounds nothing",
          advice: "add concurrent or rate, or what feeds it")
      }
      checkFeeds(bucket.value, trail)
    }
  }

  /// Keys that say something only beside another.
  private mutating func checkFeeds(_ bucket: YAMLNode, _ trail: KeyTrail) {
    let usage = ["algorithm", "headers", "slow_at", "stop_at"].filter { bucket[$0] != nil }
    for needed in ["algorithm", "headers"] where !usage.isEmpty && bucket[needed] == nil {
      log.report(
        .missingKey, at: bucket.mark, trail.key(needed), "\(usage[0]) says nothing without it",
        advice: "add algorithm: usage-percent and the headers that tell the usage")
    }
    if bucket["reset"] != nil, bucket["remaining"] == nil {
      log.report(
        .missingKey, at: bucket.mark, trail.key("remaining"), "reset says nothing without it",
        advice: "add the header that tells what is left")
    }
    let slow = bucket["slow_at"]?.wholeNumber ?? Int64(Limits.Usage.standardSlowAt)
    let stop = bucket["stop_at"]?.wholeNumber ?? Int64(Limits.Usage.standardStopAt)
    if let node = bucket["slow_at"] ?? bucket["stop_at"], slow >= stop {
      log.report(
        .invalidValue, at: node.mark, trail.key(bucket["slow_at"] == nil ? "stop_at" : "slow_at"),
        "requests are to slow down at \(slow) % and to stop at \(stop) %",
        advice: "let slow_at be less than stop_at; they are 80 and 95 by default")
    }
  }
}

extension YAMLNode {
  fileprivate var wholeNumber: Int64? {
    guard case .scalar(.integer(let number), _) = content else { return nil }
    return number
  }
}
