import ConnectorModel
import Testing

@testable import Egress
@testable import Manifest

@Suite struct RedirectPolicyTests {
  private static let list = AllowList(endpoints: [
    "api": .sample(allowsAnonymous: false),
    "cdn": .sample(bases: ["https://cdn.example.com/media"], methods: ["GET"], auth: []),
    "upload": .sample(bases: ["https://api.example.com/upload"], auth: [], allowsAnonymous: true),
    "partner": .sample(bases: ["https://partner.example.com"], allowsAnonymous: false),
    "plain": .sample(bases: ["http://plain.example.com"], auth: []),
  ])

  private func policy(hops: Int? = nil, auth: String = "default") -> RedirectPolicy {
    RedirectPolicy(allowList: Self.list, variables: [:], auth: AuthName(auth), hops: hops)
  }

  private func start(_ method: String = "GET", _ path: String = "/a", endpoint: String = "api") throws
    -> Destination
  {
    try Self.list.destination(of: HTTPRequest(method: method, url: path, endpoint: endpoint), variables: [:])
  }

  private func followed(_ verdict: RedirectPolicy.Verdict) -> RedirectPolicy.Hop? {
    if case .follow(let hop) = verdict { return hop }
    return nil
  }

  @Test(arguments: [
    (301, "POST", "GET", false), (302, "POST", "GET", false), (303, "POST", "GET", false),
    (303, "PUT", "GET", false),
    (303, "HEAD", "HEAD", true), (301, "GET", "GET", true), (302, "HEAD", "HEAD", true),
    (307, "POST", "POST", true), (308, "PUT", "PUT", true),
  ])
  func methodsFollowTheStatus(_ status: Int, _ from: String, _ to: String, _ keepsBody: Bool) throws {
    var policy = policy()
    let hop = followed(policy.verdict(status: status, location: "/3.0/b", at: try start(from)))
    #expect(hop?.destination.method == to)
    #expect(hop?.keepsBody == keepsBody)
    #expect(hop?.keepsAuth == true)
  }

  @Test(arguments: [
    ("/3.0/b", "https://api.example.com/3.0/b"), ("b?x=1#frag", "https://api.example.com/3.0/x/b?x=1"),
    ("?q", "https://api.example.com/3.0/x/a?q"), ("//api.example.com/3.0/c", "https://api.example.com/3.0/c"),
    ("https://API.example.com:443/3.0/d", "https://api.example.com/3.0/d"),
  ])
  func relativeLocationsAreResolved(_ location: String, _ expected: String) throws {
    var policy = policy()
    let hop = followed(policy.verdict(status: 302, location: location, at: try start("GET", "/x/a")))
    #expect(hop?.destination.url.text == expected)
  }

  @Test(arguments: [
    "https://evil.example/3.0/b", "http://api.example.com/3.0/b", "http://plain.example.com/", "/4.0/b",
    "../b", "/3.0/../b",
    "https://user@api.example.com/3.0/b", "//evil.example/3.0/b", "https://127.0.0.1/3.0",
    "javascript:alert(1)",
    "https://api.example.com:8443/3.0/b", "/3.0/%2e%2e/b", "https://partner.example.com/b",
    "\\\\evil.example\\b",
  ])
  func redirectsOutOfTheAllowListAreRefused(_ location: String) throws {
    var policy = policy()
    guard case .refuse = policy.verdict(status: 302, location: location, at: try start()) else {
      Issue.record("\(location) must be refused")
      return
    }
  }

  @Test func authNeverTravelsToAnotherHost() throws {
    var policy = policy()
    let hop = followed(
      policy.verdict(status: 302, location: "https://cdn.example.com/media/1", at: try start()))
    #expect(hop?.destination.name == "cdn")
    #expect(hop?.keepsAuth == false)
  }

  @Test func authNeverTravelsToAnEndpointThatDoesNotListIt() throws {
    var policy = policy()
    let hop = followed(policy.verdict(status: 307, location: "/upload/1", at: try start("POST")))
    #expect(hop?.destination.name == "upload")
    #expect(hop?.keepsAuth == false)
  }

  @Test func methodsMustBeAllowedWhereTheRedirectLeads() throws {
    var policy = policy()
    let verdict = policy.verdict(
      status: 307, location: "https://cdn.example.com/media/1", at: try start("POST"))
    #expect(followed(verdict) == nil)
  }

  @Test func circlesAndLongChainsEnd() throws {
    var circle = policy()
    #expect(followed(circle.verdict(status: 302, location: "/3.0/b", at: try start("GET", "/a"))) != nil)
    #expect(followed(circle.verdict(status: 302, location: "/3.0/a", at: try start("GET", "/b"))) == nil)
    var chain = policy(hops: 2)
    #expect(followed(chain.verdict(status: 302, location: "/3.0/1", at: try start("GET", "/0"))) != nil)
    #expect(followed(chain.verdict(status: 302, location: "/3.0/2", at: try start("GET", "/1"))) != nil)
    #expect(followed(chain.verdict(status: 302, location: "/3.0/3", at: try start("GET", "/2"))) == nil)
    var none = policy(hops: 0)
    #expect(followed(none.verdict(status: 302, location: "/3.0/1", at: try start())) == nil)
    var wild = policy(hops: 1_000_000)
    let hops = (0..<100).prefix { index in
      guard let at = try? start("GET", "/\(index)") else { return false }
      return followed(wild.verdict(status: 302, location: "/3.0/\(index + 1)", at: at)) != nil
    }
    #expect(hops.count == 20)
  }

  @Test(arguments: [(301, "PUT"), (302, "DELETE")])
  func aWriteThatMayBeDoneIsNotSentAgain(_ status: Int, _ method: String) throws {
    var policy = policy()
    let verdict = policy.verdict(status: status, location: "/3.0/b", at: try start(method))
    #expect(verdict == .refuse("redirect refused: it would send a \(method) twice"))
  }

  @Test(arguments: [200, 300, 304, 305, 400])
  func otherStatusesAreNoRedirects(_ status: Int) throws {
    var policy = policy()
    #expect(policy.verdict(status: status, location: "/3.0/b", at: try start()) == .none)
  }

  @Test func aRedirectWithoutLocationIsAnAnswer() throws {
    var policy = policy()
    #expect(policy.verdict(status: 308, location: nil, at: try start()) == .none)
  }
}
