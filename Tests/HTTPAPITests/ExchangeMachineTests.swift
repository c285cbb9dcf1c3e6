import Testing

@testable import HTTPAPI

@Suite struct ExchangeMachineTests {
  @Test func exchangesFollowEachOther() {
    var machine = ExchangeMachine()
    for _ in 0..<3 {
      machine.requestBegan(isLast: false)
      machine.requestEnded()
      #expect(machine.replyBegan(isLast: false) == .pass)
      #expect(machine.replyGoesOn == .pass)
      #expect(machine.replyEnded() == .nothing)
    }
    #expect(machine.timeIsUp() == .nothing)
  }

  @Test func requestsSentAheadAreCounted() {
    var machine = ExchangeMachine()
    machine.requestBegan(isLast: false)
    machine.requestEnded()
    machine.requestBegan(isLast: true)
    machine.requestEnded()
    #expect(machine.replyBegan(isLast: false) == .pass)
    #expect(machine.replyEnded() == .nothing)
    #expect(machine.pending == 1)
    #expect(machine.replyBegan(isLast: false) == .pass)
    #expect(machine.replyEnded() == .close)
  }

  @Test func answersToNothingAreReplaced() {
    var machine = ExchangeMachine()
    #expect(machine.replyBegan(isLast: true) == .replace)
    #expect(machine.replyGoesOn == .drop)
    #expect(machine.replyBegan(isLast: false) == .drop)
  }

  @Test func requestsThatAreNotReadEndTheConnectionSoon() {
    var machine = ExchangeMachine()
    machine.requestBegan(isLast: false)
    #expect(machine.replyBegan(isLast: true) == .pass)
    #expect(machine.replyEnded() == .closeSoon)
  }

  @Test func slowRequestsAreOverdue() {
    var machine = ExchangeMachine()
    machine.requestBegan(isLast: false)
    #expect(machine.timeIsUp() == .request)
    #expect(machine.replyBegan(isLast: false) == .drop)
  }

  @Test func slowAnswersAreOverdue() {
    var machine = ExchangeMachine()
    machine.requestBegan(isLast: false)
    machine.requestEnded()
    #expect(machine.timeIsUp() == .answer)
    #expect(machine.timeIsUp() == .nothing)
  }

  @Test func halfAnswersAreCut() {
    var machine = ExchangeMachine()
    machine.requestBegan(isLast: false)
    machine.requestEnded()
    #expect(machine.replyBegan(isLast: false) == .pass)
    #expect(machine.timeIsUp() == .cut)
  }
}
