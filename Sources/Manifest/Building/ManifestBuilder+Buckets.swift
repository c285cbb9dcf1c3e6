extension ManifestBuilder {
  func bucket(_ cursor: NodeCursor) throws(Gap) -> Limits.Bucket {
    let scope: Limits.Bucket.Scope? = try cursor.word("scope")
    guard let scope else { throw cursor.gap("scope") }
    return Limits.Bucket(
      scope: scope, concurrent: try cursor.optionalInteger("concurrent"),
      rate: try cursor.optionalText("rate").flatMap(Limits.Rate.init(manifest:)),
      remaining: try remaining(cursor), usage: try usage(cursor),
      quota: try cursor.optional("body").map { inner throws(Gap) in
        Limits.Quota(used: try inner.path("used"), total: try inner.path("total"))
      },
      prefersPublishing: try cursor.optionalText("priority") != "none")
  }

  private func remaining(_ cursor: NodeCursor) throws(Gap) -> Limits.Remaining? {
    guard let header = try cursor.optionalText("remaining") else { return nil }
    let reset = try cursor.optional("reset").map { inner throws(Gap) in
      let unit: Limits.Remaining.Unit? = try inner.word("unit")
      guard let unit else { throw inner.gap("unit") }
      return Limits.Remaining.Reset(header: try inner.text("header"), unit: unit)
    }
    return Limits.Remaining(header: header, reset: reset)
  }

  private func usage(_ cursor: NodeCursor) throws(Gap) -> Limits.Usage? {
    let headers = try cursor.texts("headers")
    guard !headers.isEmpty else { return nil }
    return Limits.Usage(
      headers: headers, slowAt: try cursor.optionalInteger("slow_at") ?? Limits.Usage.standardSlowAt,
      stopAt: try cursor.optionalInteger("stop_at") ?? Limits.Usage.standardStopAt)
  }
}
