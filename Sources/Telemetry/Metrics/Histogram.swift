internal import Synchronization

/// Numbers counted by size, for each combination of its labels' values.
package struct Histogram: MetricFamily {
  /// For durations of requests and jobs.
  package static let seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

  private let table: SeriesTable<HistogramSeries>

  init(_ table: SeriesTable<HistogramSeries>) { self.table = table }

  var labels: [String] { table.head.labels }

  package func series(_ values: String...) -> HistogramSeries { table[values] }

  package func observe(_ number: Double, _ values: String...) { table[values].observe(number) }

  /// In seconds.
  package func observe(_ duration: Duration, _ values: String...) { table[values].observe(duration) }

  func write(to text: inout PrometheusText) {
    text.begin(table.head, kind: "histogram")
    for (values, series) in table.sorted {
      let (counts, sum) = series.value
      var all: UInt64 = 0
      for (bound, count) in zip(series.buckets + [.infinity], counts) {
        all += count
        text.sample(
          table.head, values, suffix: "_bucket", bound: PrometheusText.number(bound), number: String(all))
      }
      text.sample(table.head, values, suffix: "_sum", number: PrometheusText.number(sum))
      text.sample(table.head, values, suffix: "_count", number: String(all))
    }
  }
}

package final class HistogramSeries: Sendable {
  let buckets: [Double]
  private let state: Mutex<(counts: [UInt64], sum: Double)>

  init(buckets: [Double]) {
    self.buckets = buckets
    state = Mutex(([UInt64](repeating: 0, count: buckets.count + 1), 0))
  }

  /// What is no number is not counted.
  package func observe(_ number: Double) {
    guard !number.isNaN else { return }
    let index = buckets.firstIndex { number <= $0 } ?? buckets.count
    state.withLock { state in
      state.counts[index] += 1
      state.sum += number
    }
  }

  package func observe(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    observe(Double(seconds) + Double(attoseconds) / 1e18)
  }

  /// For each bucket alone, not for all below it.
  var value: (counts: [UInt64], sum: Double) { state.withLock { $0 } }
}
