internal import Synchronization

/// The host's numbers, as Prometheus reads them.
///
/// An instrument is made once and kept; a series of it can be kept too, which makes counting one atomic operation.
package final class MetricsRegistry: Sendable {
  private let families = Mutex<[String: any MetricFamily]>([:])
  private let maximumSeries: Int
  private let redaction: LogRedaction

  /// - Parameters:
  ///   - maximumSeries: for each instrument; what goes beyond is counted in one more, with `other` for each label.
  ///   - redaction: passed by every value of a label.
  package init(maximumSeries: Int = 500, redaction: LogRedaction) {
    self.maximumSeries = maximumSeries
    self.redaction = redaction
  }

  /// A number that only grows; its name ends in `_total` by custom.
  ///
  /// The same name returns the same instrument.
  package func counter(_ name: String, help: String, labels: [String] = []) -> Counter {
    family(name, labels) { Counter(SeriesTable(head($0, help, labels)) { CounterSeries() }) }
  }

  /// A number that goes up and down.
  package func gauge(_ name: String, help: String, labels: [String] = []) -> Gauge {
    family(name, labels) { Gauge(SeriesTable(head($0, help, labels)) { GaugeSeries() }) }
  }

  /// Numbers by size; durations in seconds, their name ending in `_seconds`.
  ///
  /// - Parameter buckets: upper bounds, growing; one without bound is added.
  package func histogram(
    _ name: String, help: String, labels: [String] = [], buckets: [Double] = Histogram.seconds
  ) -> Histogram {
    precondition(
      !buckets.isEmpty && zip(buckets, buckets.dropFirst()).allSatisfy(<) && buckets.allSatisfy(\.isFinite),
      "\(name): the buckets of a histogram grow")
    return family(name, labels) {
      Histogram(SeriesTable(head($0, help, labels)) { HistogramSeries(buckets: buckets) })
    }
  }

  /// All of it in Prometheus' text format 0.0.4, sorted.
  ///
  /// The content type is `text/plain; version=0.0.4; charset=utf-8`.
  package func render() -> String {
    let sorted = families.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    var text = PrometheusText()
    for family in sorted { family.write(to: &text) }
    return text.text
  }

  private func head(_ name: String, _ help: String, _ labels: [String]) -> MetricHead {
    MetricHead(name: name, help: help, labels: labels, maximumSeries: maximumSeries, redaction: redaction)
  }

  private func family<Family: MetricFamily>(
    _ name: String, _ labels: [String], _ make: (String) -> Family
  ) -> Family {
    precondition(
      MetricHead.isName(name) && labels.allSatisfy(MetricHead.isName) && !labels.contains("le"),
      "\(name): metrics and labels are named by letters, digits and _")
    return families.withLock { families in
      if let known = families[name] {
        guard let same = known as? Family, same.labels == labels else {
          // Two places of our own code use one name for different things.
          preconditionFailure("\(name) is registered twice, as different metrics")
        }
        return same
      }
      let made = make(name)
      families[name] = made
      return made
    }
  }
}

/// What the registry knows of every kind of instrument.
protocol MetricFamily: Sendable {
  var labels: [String] { get }
  func write(to text: inout PrometheusText)
}
