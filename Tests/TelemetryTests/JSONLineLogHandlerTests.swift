import ConnectorModel
import Logging
import Secrets
import Testing

@testable import Telemetry

@Suite struct JSONLineLogHandlerTests {
  @Test func lineOfALibraryIsALineOfTheHost() async {
    let sink = await logged { log in
      var logger = Logger(label: "Hummingbird") { JSONLineLogHandler(label: $0, log: log) }
      logger[metadataKey: "port"] = "3000"
      logger.notice("started", metadata: ["hb.request.id": "4bf9", "a": ["x", "y"]])
      logger.critical("broken\n{}")
      logger.trace("not asked for")
    }
    let objects = sink.objects
    #expect(objects.map { $0?["event"]?.text } == ["library.hummingbird", "library.hummingbird"])
    #expect(objects.map { $0?["level"]?.text } == ["info", "error"])
    #expect(objects.first??["message"]?.text == #"started a=["x", "y"] port=3000"#)
    #expect(objects.first??["requestId"]?.text == "4bf9")
  }

  @Test func secretsOfALibraryAreHidden() async {
    let redaction = LogRedaction()
    redaction.register(Secret("canary-1"))
    let sink = await logged(redaction: redaction) { log in
      let logger = Logger(label: "canary-1") { JSONLineLogHandler(label: $0, log: log) }
      logger.error(
        "canary-1",
        metadata: ["Authorization": "Bearer canary-2", "k": ["canary-1"], "access_token": "canary-3"])
    }
    #expect(sink.texts.count == 1)
    #expect(sink.texts.allSatisfy { !$0.contains("canary") })
  }

  @Test func levelOfTheLogIsTheLevelOfTheLogger() async {
    let sink = await logged(level: .warning) { log in
      let handler = JSONLineLogHandler(label: "x", log: log)
      #expect(handler.logLevel == .warning)
      Logger(label: "x") { _ in handler }.info("not shown")
    }
    #expect(sink.texts.isEmpty)
  }
}
