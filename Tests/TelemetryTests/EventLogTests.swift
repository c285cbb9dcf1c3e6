import ConnectorModel
import Glibc
import Ports
import Secrets
import Testing

@testable import Telemetry

@Suite struct EventLogTests {
  private let full = EventLog.Fields(
    tenantID: "acme", connectionID: "con_01h2xcejqtf2nbrexx3vqjhp41", platform: "mailchimp",
    jobID: "job_01h2xcejqtf2nbrexx3vqjhp41", cycleID: "7", requestID: "8f14e45f-ceea-467f-a8d1-1c2b3d4e5f60",
    status: "published", errorCode: "rate_limited", duration: .milliseconds(1234), attempt: 2,
    externalID: "urn:li:share:7012345678901234567", httpStatus: 429)

  @Test func everyFieldIsWrittenInOneOrder() async {
    let sink = MemorySink()
    let log = EventLog(
      redaction: LogRedaction(), sink: sink, clock: VirtualClock(unixNanoseconds: 1_767_225_599_007_999_999))
    log.write(.info, "job.published", "all is well", full)
    log.write(.warning, "host.started")
    #expect(await log.flush(within: .seconds(60)))
    #expect(
      sink.texts == [
        #"{"timestamp":"2025-12-31T23:59:59.007Z","level":"info","event":"job.published","message":"all is well","#
          + #""tenantId":"acme","connectionId":"con_01h2xcejqtf2nbrexx3vqjhp41","platform":"mailchimp","#
          + #""jobId":"job_01h2xcejqtf2nbrexx3vqjhp41","cycleId":"7","requestId":"8f14e45f-ceea-467f-a8d1-1c2b3d4e5f60","#
          + #""status":"published","errorCode":"rate_limited","durationMs":1234,"attempt":2,"#
          + #""externalId":"urn:li:share:7012345678901234567","httpStatus":429}"# + "\n",
        #"{"timestamp":"2025-12-31T23:59:59.007Z","level":"warning","event":"host.started"}"# + "\n",
      ])
  }

  @Test func textFormatIsForPeople() async {
    let sink = MemorySink()
    let log = EventLog(format: .text, redaction: LogRedaction(), sink: sink, clock: VirtualClock())
    log.write(.info, "job.published", "it is out", EventLog.Fields(status: "two words", attempt: 1))
    #expect(await log.flush(within: .seconds(60)))
    #expect(
      sink.texts == [
        "2026-01-01T00:00:00.000Z INFO    job.published it is out status=\"two words\" attempt=1\n"
      ])
  }

  @Test(arguments: EventLog.Format.allCases)
  func textCannotForgeALine(_ format: EventLog.Format) async {
    let forged = "x\n{\"level\":\"error\"}\r\n\u{85}\u{2028}\u{1B}[2J\u{9B}\u{202E}\0\t\"\\\" level=error"
    let sink = await logged(format) { log in
      log.write(.info, forged, forged, EventLog.Fields(tenantID: forged, externalID: forged))
    }
    #expect(sink.texts.count == 1)
    for text in sink.texts {
      #expect(
        text.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
      #expect(!text.unicodeScalars.contains { [0x2028, 0x2029, 0x202E].contains($0.value) })
    }
    if format == .json {
      #expect(sink.objects.first??["message"]?.text == forged)
      #expect(sink.objects.first??["level"]?.text == "info")
    } else {
      #expect(sink.texts.first?.contains(#"tenantId="x\n"#) == true)
    }
  }

  @Test func anythingIsOneJSONObject() async {
    var random = SplitMix64(seed: 7)
    let pieces = [
      "\"", "\\", "\n", "\u{7F}", "é", "\u{1F600}", "a", "?", "://", "@", "=", "token", "%", "\\u00", " ",
      "Bearer ", "\0",
    ]
    let texts = (0..<500).map { _ in
      (0..<Int(random.next() % 40)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
    }
    let sink = await logged { log in
      for text in texts { log.write(.error, "a.b", text, EventLog.Fields(status: text)) }
    }
    #expect(sink.objects.count == texts.count)
    #expect(sink.objects.allSatisfy { $0 != nil })
  }

  @Test func levelBelowTheMinimumCostsNothing() async {
    let sink = await logged(level: .warning) { log in
      log.write(
        .info, "a.b",
        {
          Issue.record("computed"); return ""
        }())
      log.write(.error, "a.c")
    }
    #expect(sink.objects.map { $0?["event"]?.text } == ["a.c"])
  }

  @Test func linesThatDoNotFitAreDroppedCountedAndTold() async {
    let sink = MemorySink(isHeld: true)
    let log = EventLog(redaction: LogRedaction(), sink: sink, maximumLines: 4)
    log.write(.info, "n.0")
    sink.waitForArrival()
    for number in 1..<10 { log.write(.info, "n.\(number)") }
    #expect(log.droppedLines == 6)
    sink.release(100)
    #expect(await log.flush(within: .seconds(60)))
    log.write(.info, "n.10")
    #expect(await log.flush(within: .seconds(60)))
    #expect(sink.objects.map { $0?["event"]?.text } == ["n.0", "n.1", "n.2", "n.3", "log.dropped", "n.10"])
    #expect(sink.objects[4]?["dropped"] == .integer(6))
  }

  @Test func bytesAreBoundedAsLinesAre() async {
    let sink = MemorySink(isHeld: true)
    let log = EventLog(redaction: LogRedaction(), sink: sink, maximumBytes: 10_000)
    log.write(.info, "n.0")
    sink.waitForArrival()
    for _ in 0..<4 { log.write(.info, "n.x", String(repeating: "x ", count: 2000)) }
    #expect(log.droppedLines == 2)
    sink.release(100)
    #expect(await log.close(within: .seconds(60)))
  }

  @Test func linesThatTheSinkRefusesAreToldOnceItTakesThemAgain() async {
    let sink = MemorySink()
    let log = EventLog(redaction: LogRedaction(), sink: sink)
    sink.refuse(true)
    for _ in 0..<3 {
      log.write(.info, "lost")
      #expect(await log.flush(within: .seconds(60)))
    }
    #expect(log.droppedLines == 3)
    sink.refuse(false)
    log.write(.info, "n.1")
    #expect(await log.close(within: .seconds(60)))
    #expect(sink.objects.map { $0?["event"]?.text } == ["n.1", "log.dropped"])
    #expect(sink.objects.last??["dropped"] == .integer(3))
  }

  @Test func flushGivesUpWhenTheSinkIsStuck() async {
    let clock = VirtualClock()
    let sink = MemorySink(isHeld: true)
    let log = EventLog(redaction: LogRedaction(), sink: sink, clock: clock)
    log.write(.info, "n.0")
    async let flushed = log.flush(within: .seconds(5))
    await clock.waitForTimers(1)
    clock.advance(by: .seconds(5))
    #expect(await !flushed)
    sink.release(1)
    #expect(await log.flush(within: .seconds(60)))
  }

  @Test func closedLogTakesNothingMore() async {
    let sink = MemorySink()
    let log = EventLog(redaction: LogRedaction(), sink: sink)
    log.write(.info, "n.0")
    #expect(await log.close(within: .seconds(60)))
    log.write(.info, "n.1")
    #expect(log.droppedLines == 1)
    #expect(sink.texts.count == 1)
  }

  @Test func manyWritersLoseNothingAndMixNothing() async {
    let sink = MemorySink()
    let log = EventLog(redaction: LogRedaction(), sink: sink, maximumLines: 100_000, maximumBytes: 1 << 30)
    await withTaskGroup { group in
      for writer in 0..<8 {
        group.addTask {
          for number in 0..<250 { log.write(.info, "w.\(writer)", "\(number)") }
        }
      }
    }
    #expect(await log.close(within: .seconds(60)))
    #expect(log.droppedLines == 0)
    for writer in 0..<8 {
      let numbers = sink.objects.filter { $0?["event"]?.text == "w.\(writer)" }.map { $0?["message"]?.text }
      #expect(numbers == (0..<250).map { "\($0)" })
    }
  }

  @Test func descriptorGetsEachLineWholeEvenWhenItIsNonBlocking() async throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let log = EventLog(redaction: LogRedaction(), sink: DescriptorSink(ends[1]))
    let message = String(repeating: "a word ", count: 1000)
    for _ in 0..<20 { log.write(.info, "a.b", message) }
    let read = ends[0]
    let bytes = try await NamedThread.run("test-reader") {
      var all: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while all.count(where: { $0 == 10 }) < 20 {
        let count = unsafe Glibc.read(read, &chunk, chunk.count)
        guard count > 0 else { break }
        all += chunk.prefix(count)
      }
      return all
    }
    let lines = bytes.split(separator: 10)
    #expect(lines.count == 20)
    #expect(
      lines.allSatisfy {
        (try? StableJSON.decode(JSONValue.self, from: Array($0)))?["message"]?.text == message
      })
    #expect(await log.close(within: .seconds(60)))
    close(ends[0])
    close(ends[1])
  }

  @Test func sinkThatIsGoneLosesLinesAndNothingElse() async throws {
    var ends: [Int32] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    close(ends[0])
    let log = EventLog(redaction: LogRedaction(), sink: DescriptorSink(ends[1]))
    log.write(.info, "a.b")
    #expect(await log.close(within: .seconds(60)))
    #expect(log.droppedLines == 1)
    close(ends[1])
  }
}
