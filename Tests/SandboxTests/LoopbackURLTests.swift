import Testing

@testable import Sandbox

@Suite struct LoopbackURLTests {
  @Test(arguments: [
    ("http://127.0.0.1:8080/hook?a=b", "127.0.0.1", 8080, "/hook?a=b", "127.0.0.1:8080"),
    ("https://localhost/hook", "127.0.0.1", 443, "/hook", "localhost:443"),
    ("HTTP://LocalHost", "127.0.0.1", 80, "/", "localhost:80"),
    ("http://[::1]:90?x=1", "::1", 90, "/?x=1", "[::1]:90"),
  ])
  func loopbackIsUnderstood(text: String, address: String, port: Int, target: String, authority: String)
    throws
  {
    let url = try #require(LoopbackURL(text))
    #expect(url.address == address)
    #expect(url.port == port)
    #expect(url.target == target)
    #expect(url.authority == authority)
    #expect(url.isSecure == text.lowercased().hasPrefix("https"))
  }

  @Test(arguments: [
    "", "hook", "ftp://127.0.0.1/", "http:/127.0.0.1/", "http://example.com/",
    "http://127.0.0.1.example.com/",
    "http://127.0.0.1@example.com/", "http://user@127.0.0.1/", "http://localhost:0/",
    "http://localhost:65536/",
    "http://localhost:/", "http://localhost:8x/", "http://[::2]/", "http://[::1/", "http://127.0.0.2/",
    "http://169.254.169.254/", "http://localhost/a b", "http://localhost/\r\nX: y", "http://localhost/#a",
    "http://0.0.0.0/", "http://localhostile/",
  ])
  func everythingElseIsRefused(text: String) {
    #expect(LoopbackURL(text) == nil)
  }
}
