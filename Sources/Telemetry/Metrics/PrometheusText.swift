/// Writes Prometheus' text format 0.0.4.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats
struct PrometheusText {
  private(set) var text = ""

  mutating func begin(_ head: MetricHead, kind: String) {
    let help = head.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    text += "# HELP \(head.name) \(help)\n# TYPE \(head.name) \(kind)\n"
  }

  /// - Parameter bound: the upper bound of a histogram's bucket.
  mutating func sample(
    _ head: MetricHead, _ values: [String], suffix: String = "", bound: String? = nil, number: String
  ) {
    var pairs = zip(head.labels, values).map { "\($0)=\"\(Self.escaped($1))\"" }
    if let bound { pairs.append("le=\"\(bound)\"") }
    text += head.name + suffix
    if !pairs.isEmpty { text += "{" + pairs.joined(separator: ",") + "}" }
    text += " " + number + "\n"
  }

  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
