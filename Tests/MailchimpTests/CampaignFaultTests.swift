import ConnectorKit
import ConnectorTesting
import Testing

@testable import MailchimpConnector

/// Whatever two requests of a publishing are cut, before or after they took effect, one campaign is sent at most once.
@Suite struct CampaignFaultTests {
  typealias Script = CampaignTranscripts

  private struct Story {
    var faults: [Int: PlatformModel.Fault]
    var model: PlatformModel
    var run: ConnectorRun
    var requests: [String]
  }

  private static let faultsAtOnce = 2

  /// - Parameter lag: for how many reads an order does not show yet.
  @Test(arguments: [0, 1, 2, 9], ["campaign.publish", "campaign.send"])
  func everyPairOfCutsEndsWellOrUnknownAndTheNextAttemptFinishes(lag: Int, action: String) throws {
    let stories = try Self.stories(lag: lag, action)
    for story in stories {
      let text = Comment(
        rawValue: "\(action), lag \(lag), faults \(story.faults)\n\(story.requests.joined(separator: "\n"))")
      #expect(story.model.accepted <= 1, text)
      #expect(Self.everySecondSendFollowsARead(story.requests), text)
      guard let error = story.run.error else {
        #expect(story.model.accepted == 1, text)
        continue
      }
      #expect(error.code == .unknownOutcome && error.retry == .unknownOutcome, text)
      var later = story.model
      let second = try later.run(Script.test(isLater: true), action, Self.input(action))
      // No attempt waits for ever: what shows only after the third read may be reported as a refusal, never sent again.
      if lag < 3 { #expect(second.run.error == nil, text) }
      #expect(later.accepted == 1, text)
    }
    // It would be no exploration if one of the ends were never reached.
    #expect(stories.count { $0.run.error == nil } > 5)
    #expect(stories.count { $0.run.error != nil } > 5)
  }

  private static func input(_ action: String) -> String {
    action == "campaign.send" ? #"{"campaignId":"c1"}"# : Script.input
  }

  /// Every publishing with at most so many cuts, faults of earlier requests first.
  private static func stories(lag: Int, _ action: String) throws -> [Story] {
    var stories: [Story] = []
    var open: [(faults: [Int: PlatformModel.Fault], next: Int)] = [([:], 0)]
    while let (faults, next) = open.popLast() {
      var model = PlatformModel(hasDraft: action == "campaign.send", lag: lag)
      let (run, requests) = try model.run(Script.test(), action, input(action), faults: faults)
      stories.append(Story(faults: faults, model: model, run: run, requests: requests))
      guard faults.count < faultsAtOnce else { continue }
      for index in next..<max(next, requests.count) {
        for fault in PlatformModel.Fault.allCases {
          open.append((faults.merging([index: fault]) { $1 }, index + 1))
        }
      }
    }
    return stories
  }

  /// No order to send comes after another unless the campaign was read in between.
  private static func everySecondSendFollowsARead(_ requests: [String]) -> Bool {
    var mayFollow = true
    for request in requests {
      if request.hasSuffix("/actions/send") {
        if !mayFollow { return false }
        mayFollow = false
      } else if request.hasPrefix("GET /campaigns/"), !request.hasSuffix("/send-checklist") {
        mayFollow = true
      }
    }
    return true
  }
}
