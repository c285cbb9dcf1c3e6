import ConnectorModel
import Ports
import Testing

@testable import Operations

/// Every example of the Mailchimp connector, with its host killed at every append and every effect.
@Suite(.serialized, .timeLimit(.minutes(10))) struct KilledCampaignTests {
  private static let threads = TurnThreads(count: 2)

  private struct Example {
    var action: String
    var file: String
    /// The platform is as it must be after the action, once.
    var isDone: @Sendable (MailchimpSimulator) -> Bool
  }

  private static let examples = [
    Example(action: "campaign.publish", file: "campaign") { $0.sends == 1 && $0.campaigns == 1 },
    Example(action: "campaign.send", file: "campaign") { $0.sends == 1 && $0.campaigns == 1 },
    Example(action: "campaign.publish", file: "campaign-scheduled") {
      $0.scheduled == 1 && $0.campaigns == 1
    },
    Example(action: "member.upsert", file: "member") { $0.hasMember("grace@example.com") },
  ]

  private func run(_ example: Example, killedAt points: [Int]) async throws -> (
    Lives.Ending, MailchimpSimulator
  ) {
    let simulator = MailchimpSimulator()
    let lives = try MailchimpHost(threads: Self.threads).lives(
      example.action, example: example.file, on: simulator)
    return (try await lives.run(killedAt: points), simulator)
  }

  @Test(arguments: 0..<4) func killedAnywhereIsDoneOnce(index: Int) async throws {
    let example = Self.examples[index]
    let (reference, simulator) = try await run(example, killedAt: [])
    #expect(example.isDone(simulator), "\(reference.report.outcome)")
    let points = try await Lives.killedEverywhere { point in
      let (ending, killed) = try await run(example, killedAt: [point])
      #expect(example.isDone(killed), "killed at \(point): \(killed.sends) sent, \(killed.campaigns) made")
      // Up to the cut, byte for byte what it would have been.
      #expect(reference.file.rows.starts(with: ending.firstRows), "killed at \(point)")
      let before = simulator.wire, after = killed.wire
      #expect(zip(before, after).first { $0 != $1 } == nil || ending.lives > 1)
      return ending
    } check: { point, ending in
      guard case .succeeded = ending.report.outcome else {
        Issue.record("killed at \(point): \(ending.report.outcome)")
        return
      }
    }
    #expect(points >= (example.action == "member.upsert" ? 2 : 10))
  }

  @Test(arguments: 0..<40) func killedAgainAndAgainIsSentOnce(number: Int) async throws {
    let seed = UInt64.random(in: .min ... .max)
    var chance = SplitMix64(seed: seed)
    let points = (0..<Int.random(in: 2...6, using: &chance)).map { _ in Int.random(in: 1...24, using: &chance)
    }
    let example = Self.examples[number % 3]
    let (ending, simulator) = try await run(example, killedAt: points)
    // The connector orders twice at most: cut oftener, it leaves the answer to a person, and nothing is done twice.
    #expect(
      simulator.campaigns <= 1 && simulator.sends + simulator.scheduled <= 1,
      "seed \(seed), killed at \(points)")
    if let error = ending.report.error {
      #expect(error.code == .unknownOutcome, "seed \(seed), killed at \(points): \(error)")
    } else {
      #expect(example.isDone(simulator), "seed \(seed), killed at \(points)")
    }
  }

  @Test func actionWithoutAWriteLeavesNoJournal() async throws {
    let (ending, _) = try await run(Self.examples[3], killedAt: [])
    #expect(ending.file.rows.isEmpty)
    #expect(!ending.report.performedWrite)
  }

  @Test func idempotentWritesHaveNoIntent() async throws {
    let (ending, _) = try await run(Self.examples[0], killedAt: [])
    // Made and sent; filling it again would change nothing.
    #expect(ending.file.rows.filter { $0.kind == .intent }.count == 2)
  }
}
