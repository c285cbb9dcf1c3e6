import Testing

@testable import HTTPAPI

@Suite struct RequestTargetTests {
  @Test func pathAndQueryAreDecoded() throws {
    let target = try RequestTarget("/api/jobs/a%2Fb?limit=5&after=x%3D%26+y&flag&=v")
    #expect(target.segments == ["api", "jobs", "a/b"])
    #expect(target.query.map(\.name) == ["limit", "after", "flag", ""])
    #expect(target.query.map(\.value) == ["5", "x=& y", "", "v"])
  }

  @Test func wholeURLsOfProxiesAreUnderstood() throws {
    #expect(try RequestTarget("http://localhost:3000/ping?x=1").segments == ["ping"])
    #expect(try RequestTarget("https://localhost").segments == [])
    #expect(try RequestTarget("/").segments == [])
  }

  @Test(arguments: ["/%", "/%4", "/%zz", "/%+1", "/%ff", "/ping?x=%c3%28"])
  func brokenEncodingIsRefused(_ text: String) {
    #expect(throws: Problem.self) { try RequestTarget(text) }
  }
}
