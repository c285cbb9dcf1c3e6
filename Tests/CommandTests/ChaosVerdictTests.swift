import ConnectorModel
import Testing

@testable import patchbay

/// What chaos calls good, and above all what it does not.
struct ChaosVerdictTests {
  /// The verdict on two posts of which the platform made and sent these.
  private func verdict(made: [Int], sent: [Int], published: Int = 2) -> ChaosVerdict {
    var verdict = ChaosVerdict(posts: 2, seed: 1)
    verdict.states = ["published": published]
    verdict.count(platform: [
      "campaigns": .array(made.map { ["settings": ["subject_line": .string(ChaosVerdict.subject($0))]] }),
      "sends": .array(sent.map { ["subject_line": .string(ChaosVerdict.subject($0))] }),
    ])
    return verdict
  }

  @Test func everyPostMadeAndSentOnceIsGood() {
    #expect(verdict(made: [0, 1], sent: [1, 0]).isGood)
  }

  @Test func missingSendIsLost() {
    let verdict = verdict(made: [0, 1], sent: [0])
    #expect(!verdict.isGood)
    #expect(verdict.lost == [1])
  }

  @Test func secondSendIsDoubled() {
    let verdict = verdict(made: [0, 1], sent: [0, 1, 1])
    #expect(!verdict.isGood)
    #expect(verdict.doubled == [1])
  }

  /// A host without replay passed, because nobody counted drafts.
  @Test func secondDraftIsDoubledToo() {
    let verdict = verdict(made: [0, 0, 1], sent: [0, 1])
    #expect(!verdict.isGood)
    #expect(verdict.doubled == [0])
  }

  @Test func jobThatIsNotPublishedIsNotGood() {
    #expect(!verdict(made: [0, 1], sent: [0, 1], published: 1).isGood)
  }
}
