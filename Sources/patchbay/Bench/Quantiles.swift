/// What a set of measurements comes to, by nearest rank.
struct Quantiles: Encodable {
  let p50: Double
  let p95: Double
  let p99: Double

  /// All 0 when nothing was measured.
  init(_ values: [Double]) {
    let sorted = values.sorted()
    func rank(_ share: Double) -> Double {
      guard !sorted.isEmpty else { return 0 }
      let index = Int((share * Double(sorted.count)).rounded(.up)) - 1
      return sorted[min(max(0, index), sorted.count - 1)]
    }
    p50 = rank(0.50)
    p95 = rank(0.95)
    p99 = rank(0.99)
  }

  /// With three digits after the point.
  var cells: [String] {
    [p50, p95, p99].map { value in
      let thousandths = Int((value * 1_000).rounded())
      let fraction = String(thousandths % 1_000)
      return "\(thousandths / 1_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }
  }
}
