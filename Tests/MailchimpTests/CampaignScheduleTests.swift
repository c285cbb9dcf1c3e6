import ConnectorKit
import ConnectorTesting
import FoundationEssentials
import Testing

@testable import MailchimpConnector

/// Mailchimp's own scheduling; the test's clock starts at 2026-01-01T00:00:00Z.
@Suite struct CampaignScheduleTests {
  typealias Script = CampaignTranscripts

  private func publish(at time: String, _ transcript: [Transcript.Exchange] = []) throws -> ConnectorRun {
    try Script.test().run(
      "campaign.publish", input: Script.input(#""scheduleAt":"\#(time)""#), Transcript(transcript))
  }

  @Test(arguments: [
    "2026-01-01T00:15:00Z", "2026-01-01T00:15:00+00:00", "2026-01-01T00:15:00.000Z", "2026-01-01t00:15:00z",
  ])
  func quarterHourIsScheduledByMailchimp(time: String) throws {
    let schedule = Script.schedule.checking {
      #expect($0.bodyJSON == .object(["schedule_time": .string("2026-01-01T00:15:00Z")]))
    }
    let run = try publish(
      at: time,
      [
        Script.create, Script.content, Script.checklist, schedule,
        Script.read("schedule", sendTime: "2026-01-01T00:15:00+00:00"),
      ])
    #expect(try run.output() == Script.output("schedule", scheduledFor: "2026-01-01T00:15:00+00:00"))
  }

  @Test(arguments: [
    "2026-01-02T09:05:00Z", "2026-01-02T09:15:01Z", "2026-01-01T00:00:00Z", "2025-12-31T00:15:00Z",
    "2026-01-02T09:15:00+01:00", "2026-01-02", "2026-02-31T09:15:00Z", "2026-01-02T09:15:00.500Z",
    "2026-01-02T09:15:00Z Z", "2026-01-02T24:15:00Z", "tomorrow", "",
  ])
  func otherTimesAreRefusedBeforeAnythingIsSent(time: String) throws {
    let error = try #require(try publish(at: time).error)
    #expect(error.code == .invalidInput)
    #expect(error.pointer == "/scheduleAt")
  }

  @Test(arguments: ["2026-01-02T09:05:00Z", "2025-12-31T00:15:00Z"])
  func refusalSaysThatTheHostSchedulesOtherTimes(time: String) throws {
    #expect(try publish(at: time).error?.message.contains("the host schedules other times") == true)
  }

  @Test func tenMinutesAheadIsEnoughAndLessIsNot() throws {
    let time = try ScheduleTime("2026-01-01T00:15:00Z")
    try time.requireAhead(of: time.date.addingTimeInterval(-600))
    #expect(throws: OperationError.self) { try time.requireAhead(of: time.date.addingTimeInterval(-599)) }
  }

  @Test func unknownScheduleThatTookEffectIsReconciled() throws {
    let run = try publish(
      at: "2026-01-01T00:15:00Z",
      [
        Script.create, Script.content, Script.checklist, Script.cutSchedule,
        Script.read("schedule", sendTime: "2026-01-01T00:15:00+00:00"),
        Script.read("schedule", sendTime: "2026-01-01T00:15:00+00:00"),
      ])
    #expect(
      try run.output()
        == Script.output("schedule", scheduledFor: "2026-01-01T00:15:00+00:00", reconciled: true))
  }

  @Test func unknownScheduleThatDidNotTakeEffectIsOrderedOnceMore() throws {
    let run = try publish(
      at: "2026-01-01T00:15:00Z",
      [
        Script.create, Script.content, Script.checklist, Script.cutSchedule, Script.read("save"),
        Script.read("save"), Script.schedule, Script.read("schedule"),
      ])
    #expect(try run.output() == Script.output("schedule", scheduledFor: "2026-01-01T00:15:00Z"))
  }

  @Test func laterAttemptFindsAScheduledCampaignEvenWhenItsTimeIsNear() throws {
    var test = Script.test(isLater: true)
    test.startTime += 14 * 60 * 1_000_000_000
    let run = try test.run(
      "campaign.publish", input: Script.input(#""scheduleAt":"2026-01-01T00:15:00Z""#),
      [
        Script.listing(["Hello \(Script.marker)"], since: "2025-12-25T00:14:00Z"),
        Script.read("schedule", sendTime: "2026-01-01T00:15:00+00:00"),
      ])
    #expect(
      try run.output()
        == Script.output("schedule", scheduledFor: "2026-01-01T00:15:00+00:00", reconciled: true))
  }
}
