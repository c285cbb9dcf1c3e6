import Manifest
import Testing

@Suite struct RoutePatternTests {
  @Test(arguments: [
    ("PUT /lists/*/members/*", "PUT", "/lists/1/members/2", true),
    ("PUT /lists/*/members/*", "POST", "/lists/1/members/2", false),
    ("PUT /lists/*/members/*", "PUT", "/lists/1/members", false),
    ("PUT /lists/*/members/*", "PUT", "/lists/1/members/", false),
    ("PUT /lists/*/members/*", "PUT", "/lists/1/members/2/tags", false),
    ("PUT /lists/*/members/*", "PUT", "/lists/1/members/2?skip=true", true),
    ("/search/**", "POST", "/search/a/b", true), ("/search/**", "GET", "/search", true),
    ("/search/**", "GET", "/searches", false), ("/", "GET", "/", true), ("/", "GET", "/a", false),
    ("/a/", "GET", "/a/", true), ("/a/", "GET", "/a", false), ("/a", "GET", "/a/", false),
    ("/a/b", "GET", "/a//b", false), ("/**", "DELETE", "/anything/at/all", true), ("/A", "GET", "/a", false),
  ])
  func routeMatchesItsRequests(pattern: String, method: String, path: String, matches: Bool) throws {
    #expect(try Manifest.RoutePattern(parsing: pattern).matches(method: method, path: path) == matches)
  }

  @Test(arguments: [
    "", "a", "PUT", "PUT a", "put /a", "PUT  /a", "/a/../b", "/a/**/b", "/a*", "/a?b", "/a#b", "/a b/c",
  ])
  func whatIsNoRouteIsRefused(text: String) {
    #expect(throws: ManifestError.self) { try Manifest.RoutePattern(parsing: text) }
  }
}
