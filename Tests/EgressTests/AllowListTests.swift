import ConnectorModel
import Testing

@testable import Egress
@testable import Manifest

@Suite struct AllowListTests {
  @Test func aBaseThatIsRememberedBelongsToItsVariables() throws {
    let endpoint = Manifest.Endpoint.sample(
      bases: ["https://{dc}.example.com/3.0"], variables: ["dc": "^[a-z]+[0-9]$"])
    let list = AllowList(endpoints: ["api": endpoint])
    let request = HTTPRequest(method: "GET", url: "/x", endpoint: "api")
    for _ in 1...2 {
      #expect(try list.destination(of: request, variables: ["dc": "us1"]).url.host == "us1.example.com")
      #expect(try list.destination(of: request, variables: ["dc": "us2"]).url.host == "us2.example.com")
      #expect(throws: EgressError.self) { try list.destination(of: request, variables: ["dc": "evil.com/"]) }
      #expect(throws: EgressError.self) { try list.destination(of: request, variables: [:]) }
    }
  }

  private let list = AllowList(endpoints: [
    "api": .sample(
      bases: ["https://{dc}.api.example.com/3.0", "https://api.example.com/3.0"],
      variables: ["dc": "^[a-z]{2}[0-9]{1,2}$"],
      idempotent: [.init(method: "PUT", segments: ["lists", "*", "members", "*"])],
      reads: [.init(method: "POST", segments: ["search", "**"])]),
    "only": .sample(bases: ["https://{dc}.api.example.com/3.0"], variables: ["dc": "[a-z]{2}[0-9]"]),
    "cdn": .sample(bases: ["https://cdn.example.com"], methods: ["GET"]),
  ])

  private func destination(
    _ url: String, method: String = "GET", endpoint: String = "api", variables: [String: String] = [:]
  ) throws(EgressError) -> Destination {
    try list.destination(
      of: HTTPRequest(method: method, url: url, endpoint: endpoint), variables: variables)
  }

  @Test(arguments: [
    ("/lists", "https://api.example.com/3.0/lists"),
    ("/", "https://api.example.com/3.0/"),
    ("/lists?count=10&x[]=1", "https://api.example.com/3.0/lists?count=10&x[]=1"),
    ("/%7euser/%41", "https://api.example.com/3.0/~user/A"),
    ("/urn%3ali%3ashare", "https://api.example.com/3.0/urn%3Ali%3Ashare"),
    ("/caf%c3%a9", "https://api.example.com/3.0/caf%C3%A9"),
    ("/café|x?q=é", "https://api.example.com/3.0/caf%C3%A9%7Cx?q=%C3%A9"),
    ("/100%25", "https://api.example.com/3.0/100%25"),
    ("/a%25zz", "https://api.example.com/3.0/a%25zz"),
    ("/lists/", "https://api.example.com/3.0/lists/"),
    ("/...", "https://api.example.com/3.0/..."),
    ("HTTPS://API.Example.COM:443/3.0/lists", "https://api.example.com/3.0/lists"),
    ("https://api.example.com/3.0", "https://api.example.com/3.0"),
    (
      "https://api.example.com/3.0?next=https%3A%2F%2Fa%252Eb%0A",
      "https://api.example.com/3.0?next=https%3A%2F%2Fa%252Eb%0A"
    ),
  ])
  func requestsUnderTheBaseAreSentInOneSpelling(_ url: String, _ expected: String) throws {
    #expect(try destination(url).url.text == expected)
  }

  @Test(arguments: [
    "", "lists", "//evil.com/x", "/a//b", "/..", "/../x", "/a/../b", "/a/./b", "/.", "/a/%2e%2e/b",
    "/a/%2E./b",
    "/a/..;x=1/b", "/a/.%2e", "/a%2fb", "/a%2F..%2Fb", "/a%5cb", "/a\\b", "/..\\x", "/%252e%252e/x",
    "/a%252fb",
    "/%2525", "/a%00", "/a%0d%0aX:1", "/a\r\nHost: x", "/a b", "/a\u{0}b", "/a\u{7f}", "/a%", "/a%4", "/a%zz",
    "/a%ff", "/%c0%ae%c0%ae/x", "/x#f", "/x?q=%00", "/x?a b", "/x?a\\b", "/\u{301}..\u{0}",
    "https://api.example.com/4.0/x", "https://api.example.com/3.00/x", "https://api.example.com/3.0evil",
    "https://api.example.com/", "https://api.example.com", "http://api.example.com/3.0/x",
    "https://api.example.com:8443/3.0/x", "https://api.example.com:0/3.0/x", "https://api.example.com:/3.0/x",
    "https://api.example.com:65536/3.0/x", "https://api.example.com:443x/3.0/x",
    "https://api.example.com./3.0/x",
    "https://user@api.example.com/3.0/x", "https://api.example.com@evil.com/3.0/x",
    "https://api.example.com:443@evil.com/3.0/x", "https://evil.com/3.0/x",
    "https://api.example.com.evil.com/3.0/x",
    "https://evilapi.example.com/3.0/x", "https://127.0.0.1/3.0/x", "https://[::1]/3.0/x",
    "https://2130706433/3.0/x",
    "https://0x7f.1/3.0/x", "https://0x7f000001/3.0/x", "https://017700000001/3.0/x", "https:///3.0/x",
    "https:/api.example.com/3.0/x", "https:api.example.com/3.0/x", "ftp://api.example.com/3.0/x",
    "file:///etc/passwd", "https://api.example.com\\@evil.com/3.0/x", "https://api%2eexample.com/3.0/x",
    "https://bücher.example/3.0/x", "https://\u{212A}.example.com/3.0/x", "https://api.ex_ample.com/3.0/x",
    "https://api.example.com/3.0/../../x", "https://api.example.com/3.0/%2e%2e/x",
    "https://api.example.com/3.0/x#f", " https://api.example.com/3.0/x", "https://api.example.com\u{0}/3.0/x",
    "https://-api.example.com/3.0", "https://api..example.com/3.0",
  ])
  func everythingElseIsRefusedByAPermissionError(_ url: String) {
    let error = #expect(throws: EgressError.self) { try destination(url) }
    #expect(error?.outcome == .permission)
    #expect(error?.message.contains("endpoint `api` refused") == true)
    #expect(error?.message.contains("evil.com") == false)
  }

  @Test func urlsLongerThanTheCapAreRefused() {
    #expect(throws: EgressError.self) { try destination("/" + String(repeating: "a", count: 8192)) }
  }

  @Test func noPathWhateverItsBytesEscapesTheBase() throws {
    var random = SplitMix64(seed: 7)
    let pieces = [
      "/", ".", "..", "%2e", "%2E", "%2f", "%5c", "\\", "%25", "2e", "a", "@", ":", "?", "#", ";", "%00", "é",
      "//", "%",
      "evil.com", "%c0%ae", "\u{202e}", " ", "\n",
    ]
    for round in 0..<20_000 {
      let count = Int.random(in: 1...8, using: &random)
      let url = "/" + (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      guard let reached = try? destination(url).url else { continue }
      let segments = reached.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
      #expect(
        reached.origin == "https://api.example.com" && segments.first == "3.0", "round \(round): \(url)")
      #expect(!segments.contains("..") && !segments.contains("."), "round \(round): \(url)")
      #expect(try NormalizedURL.absolute(reached.text) == reached, "round \(round): \(url)")
    }
  }

  @Test func theFirstBaseWhoseVariablesAreKnownIsUsed() throws {
    #expect(try destination("/x", variables: ["dc": "us19"]).url.host == "us19.api.example.com")
    #expect(try destination("/x").url.host == "api.example.com")
  }

  @Test func absoluteURLsMayFallUnderAnyKnownBase() throws {
    let url = "https://api.example.com/3.0/x"
    #expect(try destination(url, variables: ["dc": "us19"]).route == "/x")
    #expect(throws: EgressError.self) { try destination("https://us19.api.example.com/3.0/x") }
  }

  @Test func aMissingVariableIsNamed() {
    let error = #expect(throws: EgressError.self) { try destination("/x", endpoint: "only") }
    #expect(error?.message.contains("`dc`") == true)
    #expect(error?.outcome == .invalidState)
  }

  @Test(arguments: ["us1900", "US19", "us19.evil.com/", "evil.com#", "us19\n", "", "..", "us19@x"])
  func variablesMustMatchTheirPatternInFull(_ value: String) {
    let error = #expect(throws: EgressError.self) { try destination("/x", variables: ["dc": value]) }
    #expect(error?.message.contains("`dc` does not match") == true)
  }

  @Test func variablesNeverBringMoreThanANameWhateverThePattern() {
    let loose = AllowList(endpoints: ["api": .sample(bases: ["https://{h}/v1"], variables: ["h": ".*"])])
    for value in ["evil.com/", "user@evil.com", "evil.com:1", "a..b", ".a", "a?b", "a%2fb"] {
      #expect(throws: EgressError.self) {
        try loose.destination(
          of: HTTPRequest(method: "GET", url: "/", endpoint: "api"), variables: ["h": value])
      }
    }
  }

  @Test func methodsAndEndpointsOutsideTheManifestAreRefused() {
    #expect(throws: EgressError.self) { try destination("/x", method: "PATCH") }
    #expect(throws: EgressError.self) { try destination("/x", method: "get") }
    #expect(throws: EgressError.self) { try destination("/x", endpoint: "other") }
  }

  @Test func whatIsAWriteFollowsMethodAndManifest() throws {
    #expect(try destination("/lists").effect == .read)
    #expect(try destination("/lists", method: "HEAD").effect == .read)
    #expect(try destination("/lists", method: "POST").effect == .write)
    #expect(try destination("/lists", method: "DELETE").effect == .write)
    #expect(try destination("/search/all?x=1", method: "POST").effect == .read)
    #expect(try destination("/lists/1/members/2", method: "PUT").effect == .idempotent)
    #expect(try destination("/lists/1/members", method: "PUT").effect == .write)
    #expect(try destination("/lists/1/members/2", method: "POST").effect == .write)
    #expect(
      try destination("https://api.example.com/3.0/lists/1/members/2", method: "PUT").effect == .idempotent)
  }
}
