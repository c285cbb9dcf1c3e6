import ConnectorKit
import ConnectorTesting
import Testing

@Suite struct InstagramCarouselTests {
  private let input =
    #"{"account":"17841","caption":"Two","imageURLs":["https://a/1.jpg","https://a/2.jpg"]}"#
  private let test = ConnectorTest(InstagramCarousel.self)

  private var upToPublish: [Transcript.Exchange] {
    [
      .http("POST", "/17841/media", json: #"{"id":"c1"}"#),
      .http("POST", "/17841/media", json: #"{"id":"c2"}"#),
      .http("GET", "/c1?fields=status_code", json: #"{"status_code":"IN_PROGRESS"}"#),
      .http("GET", "/c2?fields=status_code", json: #"{"status_code":"FINISHED"}"#),
      .http("GET", "/c1?fields=status_code", json: #"{"status_code":"FINISHED"}"#),
      .http("POST", "/17841/media", json: #"{"id":"p1"}"#),
      .http("GET", "/p1?fields=status_code", json: #"{"status_code":"FINISHED"}"#),
    ]
  }

  @Test func childrenAreMadeSideBySideAndPolledWithTimers() throws {
    let run = try test.run(
      "carousel.publish", input: input,
      Transcript(upToPublish + [.http("POST", "/17841/media_publish", json: #"{"id":"m1"}"#)]))
    #expect(try run.output() == InstagramCarousel.Output(mediaID: "m1", reconciled: false))
    guard case .http(let first) = run.effects[0], case .http(let second) = run.effects[1] else {
      Issue.record("both containers must be asked for in the first turn")
      return
    }
    #expect(first.url == "/17841/media" && second.url == "/17841/media")
    #expect(run.effects.contains(.timer(.seconds(60))))
    #expect(run.endTime - test.startTime == 60_000_000_000)
  }

  @Test func unknownOutcomeIsAnsweredByTheContainer() throws {
    let run = try test.run(
      "carousel.publish", input: input,
      Transcript(
        upToPublish + [
          .cut("POST", "/17841/media_publish"),
          .http("GET", "/p1?fields=status_code", json: #"{"status_code":"PUBLISHED"}"#),
          .http("GET", "/17841/media?limit=1", json: #"{"data":[{"id":"m9"}]}"#),
        ]))
    #expect(try run.output() == InstagramCarousel.Output(mediaID: "m9", reconciled: true))
  }

  @Test func unknownOutcomeStaysUnknownWhenTheContainerIsNotPublished() throws {
    let run = try test.run(
      "carousel.publish", input: input,
      Transcript(
        upToPublish + [
          .cut("POST", "/17841/media_publish"),
          .http("GET", "/p1?fields=status_code", json: #"{"status_code":"FINISHED"}"#),
        ]))
    #expect(run.error?.code == .unknownOutcome)
    #expect(run.error?.retry == .unknownOutcome)
  }
}
