import ConnectorModel
import Manifest
import Ports
import Secrets
import Testing

@testable import Egress

@Suite struct AuthInjectorTests {
  private func inject(
    _ injection: AuthProfile.Injection, _ secret: String, alternative: Int = 0,
    url: String = "https://a.example/x?k=old&b=1"
  ) throws -> (url: String, headers: [HeaderField], redaction: Redaction) {
    let injector = AuthInjector(profiles: ["default": .injecting(injection)])
    var target = try NormalizedURL.absolute(url)
    var headers: [HeaderField] = []
    let token = Token(secret: Secret(secret), alternative: alternative)
    let redaction = try injector.inject(Credential(token, profile: "default"), into: &target, &headers)
    return (target.text, headers, redaction)
  }

  @Test func basicPutsUserAndKeyIntoTheHeader() throws {
    let injected = try inject(.basic(user: "anystring", password: "$key"), "k-us19")
    #expect(injected.headers == [HeaderField("Authorization", "Basic YW55c3RyaW5nOmstdXMxOQ==")])
  }

  @Test func bearerAndNamedHeadersCarryTheKey() throws {
    #expect(try inject(.bearer, "tok").headers == [HeaderField("Authorization", "Bearer tok")])
    let named = try inject(.header(name: "Authorization", value: "OAuth $key"), "tok$key")
    #expect(named.headers == [HeaderField("Authorization", "OAuth tok$key")])
  }

  @Test func queryReplacesWhatStandsThereAndEscapes() throws {
    #expect(try inject(.query(name: "k"), "a b&c").url == "https://a.example/x?b=1&k=a%20b%26c")
    #expect(try inject(.query(name: "k"), "t", url: "https://a.example/x").url == "https://a.example/x?k=t")
  }

  @Test(arguments: ["", "a\r\nHost: evil", "a\u{0}b"])
  func secretsThatBreakHeadersAreNeverSent(_ secret: String) {
    let error = #expect(throws: EgressError.self) { _ = try inject(.bearer, secret) }
    #expect(error?.outcome == .unauthenticated)
    #expect(error?.message.contains("evil") == false)
  }

  @Test func anAlternativeThatDoesNotExistIsAnError() {
    let error = #expect(throws: EgressError.self) { _ = try inject(.bearer, "tok", alternative: 3) }
    #expect(error?.outcome == .internal)
  }

  @Test func echoesOfTheSecretAreHiddenInEveryForm() throws {
    let redaction = try inject(.basic(user: "u", password: "$key"), "canary/secret+1").redaction
    let echo = #"canary/secret+1 canary%2Fsecret%2B1 canary\/secret+1 dTpjYW5hcnkvc2VjcmV0KzE= rest"#
    #expect(redaction.apply(to: echo) == "[hidden] [hidden] [hidden] [hidden] rest")
  }
}
