internal import Synchronization

/// A number that only grows, for each combination of its labels' values.
package struct Counter: MetricFamily {
  private let table: SeriesTable<CounterSeries>

  init(_ table: SeriesTable<CounterSeries>) { self.table = table }

  var labels: [String] { table.head.labels }

  /// One series, for those who count often.
  ///
  /// - Parameter values: of the labels, in their order.
  package func series(_ values: String...) -> CounterSeries { table[values] }

  package func add(_ count: UInt64 = 1, _ values: String...) { table[values].add(count) }

  func write(to text: inout PrometheusText) {
    text.begin(table.head, kind: "counter")
    for (values, series) in table.sorted { text.sample(table.head, values, number: String(series.value)) }
  }
}

package final class CounterSeries: Sendable {
  private let count = Atomic<UInt64>(0)

  package func add(_ more: UInt64 = 1) { count.wrappingAdd(more, ordering: .relaxed) }

  package var value: UInt64 { count.load(ordering: .relaxed) }
}
