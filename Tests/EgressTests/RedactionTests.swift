import Testing

@testable import Egress

@Suite struct RedactionTests {
  @Test(arguments: [
    "canary/a+b=c", #"canary\/a+b=c"#, #"canary\u002Fa\u002bb\u003Dc"#, "canary%2Fa%2Bb%3Dc",
    "canary%2fa%2bb=c",
    "%63anary/a+b=c", #"\u0063anary/a+b=c"#,
  ])
  func aSecretIsFoundHoweverItIsEscaped(_ echo: String) {
    #expect(Redaction(hiding: ["canary/a+b=c"]).apply(to: "<\(echo)>") == "<[hidden]>")
  }

  @Test(arguments: ["AAAA%2Fcanary%3D", "AAAA%252Fcanary%253D", "AAAA/canary="])
  func aSecretThatHoldsEscapesItselfIsFound(_ echo: String) {
    #expect(Redaction(hiding: ["AAAA%2Fcanary%3D"]).apply(to: "<\(echo)>") == "<[hidden]>")
  }

  @Test func shortSecretsAndEmptyRedactionsLeaveTextAlone() {
    #expect(Redaction(hiding: ["short"]).apply(to: "a short text") == "a short text")
    #expect(Redaction.nothing.apply(to: "text") == "text")
    #expect(Redaction(hiding: ["aaaaaaaa"]).apply(to: "aaaaaaaaaaaaaaaaab") == "[hidden][hidden]ab")
  }

  @Test func theLongestOfSecretsThatStartAlikeGoesFirst() {
    let redaction = Redaction(hiding: ["canary-1", "canary-1-and-more"])
    #expect(redaction.apply(to: "canary-1-and-more canary-1-and") == "[hidden] [hidden]-and")
  }

  @Test(arguments: ["%", #"\"#, #"\u"#, "%6", "canary-", #"canary-\u00"#, "canary-%"])
  func textThatEndsInAnEscapeIsLeftAlone(_ text: String) {
    #expect(Redaction(hiding: ["canary-1"]).apply(to: "canary-0 " + text) == "canary-0 " + text)
  }

  @Test(.timeLimit(.minutes(10))) func aThousandSecretsCostOnePass() {
    let secrets = (1...1000).map { "secret-number-\($0)-canary" }
    let body = Array(repeating: UInt8(ascii: "s"), count: 1 << 20)
    #expect(Redaction(hiding: secrets).apply(to: body) == body)
  }
}
