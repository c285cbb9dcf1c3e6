import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

@Suite struct CampaignSendTests {
  typealias Script = CampaignTranscripts

  private func send(_ input: String, _ transcript: [Transcript.Exchange] = []) throws -> ConnectorRun {
    try Script.test().run("campaign.send", input: input, Transcript(transcript))
  }

  @Test func draftIsCheckedAndSent() throws {
    let run = try send(
      #"{"campaignId":"c1"}"#, [Script.read("save"), Script.checklist, Script.send, Script.read("sending")])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test(arguments: ["sending", "sent"])
  func campaignThatWasSentIsASuccess(status: String) throws {
    let run = try send(#"{"campaignId":"c1"}"#, [Script.read(status)])
    #expect(try run.output() == Script.output(status, reconciled: true))
  }

  @Test func campaignThatSomebodyStoppedIsNotSent() throws {
    #expect(try send(#"{"campaignId":"c1"}"#, [Script.read("canceled")]).error?.code == .invalidState)
  }

  @Test func unknownSendIsReconciled() throws {
    let run = try send(
      #"{"campaignId":"c1"}"#,
      [Script.read("save"), Script.checklist, Script.cutSend, Script.read("sent"), Script.read("sent")])
    #expect(try run.output() == Script.output("sent", reconciled: true))
  }

  @Test func campaignThatIsNotThereIsTheInputsFault() throws {
    let run = try send(
      #"{"campaignId":"c1"}"#,
      [.http("GET", "/campaigns/c1", status: 404, json: #"{"title":"Resource Not Found","status":404}"#)])
    #expect(run.error?.code == .notFound)
    #expect(run.error?.pointer == "/campaignId")
    #expect(run.error?.platformCode == "Resource Not Found")
  }

  @Test func fullInputIsPublished() throws {
    let run = try send(
      Script.input, [Script.create, Script.content, Script.checklist, Script.send, Script.read("sending")])
    #expect(try run.output() == Script.output("sending"))
  }

  @Test(arguments: [
    #"{"campaignId":"c1","scheduleAt":"2026-01-02T09:15:00Z"}"#, #"{"campaignId":"../c1"}"#,
    #"{"campaignId":1}"#,
  ])
  func campaignIdStandsAlone(input: String) throws {
    let run = try send(input)
    #expect(run.error?.code == .invalidInput)
    #expect(run.error?.pointer == "/campaignId")
  }
}
