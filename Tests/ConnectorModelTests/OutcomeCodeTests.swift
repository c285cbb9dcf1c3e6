import ConnectorModel
import Testing

@Suite struct OutcomeCodeTests {
  @Test func everyCodeHasItsOwnNameAndComesBackFromIt() {
    #expect(Set(OutcomeCode.allCases.map(\.name)).count == OutcomeCode.allCases.count)
    for code in OutcomeCode.allCases { #expect(OutcomeCode(name: code.name) == code) }
    #expect(OutcomeCode(name: "nonsense") == nil)
  }

  @Test func numbersFromANewerPeerReadAsUnknown() {
    #expect(OutcomeCode(abi: 18) == .unknownOutcome)
    #expect(OutcomeCode(abi: 19) == .unknown)
    #expect(OutcomeCode(abi: -1) == .unknown)
  }

  @Test(arguments: [
    (200, OutcomeCode.ok), (204, .ok), (301, .unknown), (400, .invalidInput), (401, .unauthenticated),
    (403, .permission), (404, .notFound), (409, .conflict), (418, .invalidInput), (429, .rateLimited),
    (500, .upstream),
    (503, .upstream),
  ])
  func statusHasADefaultMeaning(status: Int, code: OutcomeCode) {
    #expect(OutcomeCode(httpStatus: status) == code)
  }
}
