import Secrets
import Testing

@testable import Telemetry

@Suite struct MetricsRegistryTests {
  let metrics = MetricsRegistry(maximumSeries: 3, redaction: LogRedaction())

  @Test func textIsSortedAndComplete() throws {
    let jobs = metrics.counter("jobs_total", help: "Jobs that ended.", labels: ["platform", "state"])
    jobs.add(2, "mailchimp", "published")
    jobs.add(1, "mailchimp", "dead")
    metrics.gauge("depth", help: "Jobs that wait.").set(2.5)
    metrics.histogram("wait_seconds", help: "Waits.", buckets: [0.5, 1]).observe(.milliseconds(700))
    #expect(
      metrics.render() == """
        # HELP depth Jobs that wait.
        # TYPE depth gauge
        depth 2.5
        # HELP jobs_total Jobs that ended.
        # TYPE jobs_total counter
        jobs_total{platform="mailchimp",state="dead"} 1
        jobs_total{platform="mailchimp",state="published"} 2
        # HELP wait_seconds Waits.
        # TYPE wait_seconds histogram
        wait_seconds_bucket{le="0.5"} 0
        wait_seconds_bucket{le="1"} 1
        wait_seconds_bucket{le="+Inf"} 1
        wait_seconds_sum 0.7
        wait_seconds_count 1

        """)
    _ = try PrometheusReader(metrics.render())
  }

  @Test func namesAndTextsAreEscaped() throws {
    let label = "a\"b\\c\nd,e}f é"
    metrics.counter("odd_total", help: "back\\slash\nnewline", labels: ["what"]).add(1, label)
    let read = try PrometheusReader(metrics.render())
    #expect(read.value("odd_total", ["what": label]) == 1)
    #expect(read.help["odd_total"] == #"back\\slash\nnewline"#)
  }

  @Test func bucketsAreCumulativeAndTheirBoundsInclude() throws {
    let sizes = metrics.histogram("sizes", help: "", buckets: [1, 2, 5])
    for number in [0.5, 1, 1.5, 2, 5, 6, .infinity, .nan] { sizes.observe(number) }
    let read = try PrometheusReader(metrics.render())
    #expect(["1", "2", "5", "+Inf"].map { read.value("sizes_bucket", ["le": $0]) } == [2, 4, 5, 7])
    #expect(read.value("sizes_count") == 7)
    #expect(read.value("sizes_sum") == .infinity)
  }

  @Test func seriesBeyondTheCapAreCountedTogether() throws {
    let counter = metrics.counter("tenants_total", help: "", labels: ["tenant"])
    for number in 0..<10 { counter.add(1, "t\(number)") }
    counter.add(5, "t1")
    let read = try PrometheusReader(metrics.render())
    #expect(read.samples.count == 4)
    #expect(read.value("tenants_total", ["tenant": "t1"]) == 6)
    #expect(read.value("tenants_total", ["tenant": "other"]) == 7)
  }

  @Test func secretInALabelIsHidden() throws {
    let redaction = LogRedaction()
    redaction.register(Secret("canary-1"))
    let metrics = MetricsRegistry(redaction: redaction)
    let counter = metrics.counter("errors_total", help: "", labels: ["code"])
    counter.add(1, "canary-1")
    counter.add(1, "canary-1")
    #expect(try PrometheusReader(metrics.render()).value("errors_total", ["code": "[hidden]"]) == 2)
  }

  @Test func sameNameIsTheSameInstrument() async {
    let first = metrics.counter("hits_total", help: "").series()
    await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { [metrics] in
          let gauge = metrics.gauge("level", help: "").series()
          for _ in 0..<1000 {
            metrics.counter("hits_total", help: "").add()
            gauge.add(0.5)
          }
        }
      }
    }
    #expect(first.value == 8000)
    #expect(metrics.gauge("level", help: "").series().value == 4000)
  }

  @Test func emptyRegistryIsEmptyText() throws {
    #expect(metrics.render().isEmpty)
    _ = metrics.counter("never_total", help: "")
    #expect(try PrometheusReader(metrics.render()).value("never_total") == 0)
  }

  @Test(arguments: [
    (0.0, "0"), (-1.5, "-1.5"), (1e20, "1e+20"), (0.1, "0.1"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
    (.nan, "NaN"),
    (123_456_789, "123456789"),
  ])
  func numberIsWrittenAsPrometheusReadsIt(_ number: Double, _ text: String) {
    #expect(PrometheusText.number(number) == text)
  }
}
