internal import Synchronization

/// What an instrument was registered with.
struct MetricHead: Sendable {
  let name: String
  let help: String
  let labels: [String]
  let maximumSeries: Int
  let redaction: LogRedaction

  static func isName(_ text: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

/// The series of one instrument by the values of their labels, at most so many.
final class SeriesTable<Series: Sendable>: Sendable {
  let head: MetricHead
  private let make: @Sendable () -> Series
  private let series: Mutex<[[String]: Series]>

  init(_ head: MetricHead, _ make: @escaping @Sendable () -> Series) {
    self.head = head
    self.make = make
    // Without labels there is one series, which is there from the start.
    series = Mutex(head.labels.isEmpty ? [[]: make()] : [:])
  }

  subscript(values: [String]) -> Series {
    precondition(values.count == head.labels.count, "\(head.name) has the labels \(head.labels)")
    return series.withLock { series in
      if let known = series[values] { return known }
      // Only what is new is looked through: hot paths end above.
      var shown = values.map { head.redaction.apply(to: $0, atMost: 200) }
      if series[shown] == nil, series.count >= head.maximumSeries { shown = shown.map { _ in "other" } }
      if let known = series[shown] { return known }
      let made = make()
      series[shown] = made
      return made
    }
  }

  var sorted: [(values: [String], series: Series)] {
    series.withLock { $0.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) } }
  }
}
