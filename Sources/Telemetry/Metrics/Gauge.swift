internal import Synchronization

/// A number that goes up and down, for each combination of its labels' values.
package struct Gauge: MetricFamily {
  private let table: SeriesTable<GaugeSeries>

  init(_ table: SeriesTable<GaugeSeries>) { self.table = table }

  var labels: [String] { table.head.labels }

  package func series(_ values: String...) -> GaugeSeries { table[values] }

  package func set(_ number: Double, _ values: String...) { table[values].set(number) }

  package func add(_ number: Double, _ values: String...) { table[values].add(number) }

  func write(to text: inout PrometheusText) {
    text.begin(table.head, kind: "gauge")
    for (values, series) in table.sorted {
      text.sample(table.head, values, number: PrometheusText.number(series.value))
    }
  }
}

package final class GaugeSeries: Sendable {
  private let bits = Atomic<UInt64>(0)

  package func set(_ number: Double) { bits.store(number.bitPattern, ordering: .relaxed) }

  package func add(_ number: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + number).bitPattern
      let (isDone, now) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
      if isDone { return }
      old = now
    }
  }

  package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}
