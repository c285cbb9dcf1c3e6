import ConnectorModel
import Foundation
import TestTools
import Testing

@testable import Sandbox

@Suite(.offThePool) struct SandboxFaultTests {
  @Test func everyKeyIsRead() throws {
    let fault = try SandboxFault(
      parsing: """
        {"host": "*.api.mailchimp.com", "method": "post", "path": "/3.0/campaigns/*/actions/send", "skip": 1,
         "times": null, "do": {"status": 429, "headers": {"Retry-After": 2}, "body": {"title": "Slow down"}}}
        """)
    #expect(fault.host == "*.api.mailchimp.com")
    #expect(fault.method == "POST")
    #expect(fault.skip == 1)
    #expect(fault.times == nil)
    guard case .answer(let response) = fault.effect else {
      Issue.record("\(fault.effect)")
      return
    }
    #expect(response.status == 429)
    #expect(response.header("Retry-After") == "2")
    #expect(response.header("Content-Type") == "application/json; charset=utf-8")
    #expect(String(decoding: response.body, as: UTF8.self) == #"{"title":"Slow down"}"#)
  }

  @Test(arguments: [
    (#"{"reset": "before"}"#, FaultEffect.reset(.before)), (#"{"reset": "after"}"#, .reset(.after)),
    (#"{"reset": "middle"}"#, .reset(.middle)), (#"{"delayMs": 5}"#, .delay(milliseconds: 5)),
    (#"{"stallMs": 5}"#, .stall(milliseconds: 5)), (#"{"truncate": true}"#, .truncate(afterBodyBytes: nil)),
    (#"{"truncate": 7}"#, .truncate(afterBodyBytes: 7)), (#"{"badChunk": true}"#, .badChunk),
    (#"{"timeout": "before"}"#, .timeout(.before)), (#"{"timeout": "after"}"#, .timeout(.after)),
    (
      #"{"status": 502, "body": "<html>"}"#, .answer(SandboxResponse(status: 502, body: Array("<html>".utf8)))
    ),
  ])
  func everyEffectIsRead(json: String, effect: FaultEffect) throws {
    let fault = try SandboxFault(parsing: #"{"path": "/**", "do": \#(json)}"#)
    #expect(fault.effect == effect)
    #expect(fault.times == 1)
    #expect(fault.skip == 0)
    let copy = try JSONDecoder().decode(SandboxFault.self, from: try JSONEncoder().encode(fault))
    #expect(copy == fault)
  }

  @Test(arguments: [
    ("nonsense", "not JSON"), ("[]", "must be a JSON object"),
    (#"{"do": {"status": 429}}"#, "\"path\" is missing"),
    (#"{"path": "/a"}"#, "\"do\" is missing"),
    (#"{"path": "a", "do": {"status": 429}}"#, "must start with /"),
    (#"{"path": "/a", "pathh": 1, "do": {"status": 429}}"#, "unknown key \"pathh\""),
    (#"{"path": "/a", "do": {"stat": 429}}"#, "unknown key \"stat\""),
    (#"{"path": "/a", "do": {}}"#, "exactly one of"),
    (#"{"path": "/a", "do": {"status": 429, "delayMs": 1}}"#, "exactly one of"),
    (#"{"path": "/a", "do": {"delayMs": 1, "body": ""}}"#, "belong to \"status\""),
    (#"{"path": "/a", "do": {"status": 99}}"#, "from 200 to 599"),
    (#"{"path": "/a", "do": {"status": "429"}}"#, "from 200 to 599"),
    (#"{"path": "/a", "do": {"reset": "later"}}"#, "before, after or middle"),
    (#"{"path": "/a", "do": {"delayMs": -1}}"#, "\"delayMs\""),
    (#"{"path": "/a", "do": {"stallMs": 600001}}"#, "\"stallMs\""),
    (#"{"path": "/a", "do": {"truncate": false}}"#, "\"truncate\""),
    (#"{"path": "/a", "do": {"badChunk": 1}}"#, "\"badChunk\""),
    (#"{"path": "/a", "do": {"timeout": true}}"#, "\"timeout\" must be before or after"),
    (#"{"path": "/a", "times": 0, "do": {"status": 429}}"#, "\"times\""),
    (#"{"path": "/a", "skip": -1, "do": {"status": 429}}"#, "\"skip\""),
    (#"{"path": "/a", "method": 1, "do": {"status": 429}}"#, "\"method\""),
    (#"{"path": "/a", "do": {"status": 429, "headers": {"A\r\nB": "c"}}}"#, "\"headers\""),
    (#"{"path": "/a", "do": {"status": 429, "headers": {"A": "c\r\nB: d"}}}"#, "\"headers\""),
  ])
  func mistakeIsNamed(json: String, words: String) {
    #expect {
      try SandboxFault(parsing: json)
    } throws: { error in
      "\(error)".hasPrefix("invalid fault: ") && "\(error)".contains(words)
    }
  }

  @Test(arguments: [
    ("/3.0/campaigns", "/3.0/campaigns", true), ("/3.0/*", "/3.0/campaigns", true),
    ("/3.0/*", "/3.0/campaigns/a", false), ("/3.0/**", "/3.0/campaigns/a/b", true), ("/3.0/**", "/3.0", true),
    ("**", "/3.0/x", true), ("/**/send", "/3.0/campaigns/a/actions/send", true),
    ("/**/send", "/3.0/resend", false),
    ("/3.0/campaigns/*/actions/*", "/3.0/campaigns/a/actions/send", true),
    ("/3.0/camp*", "/3.0/campaigns", true),
    ("/3.0/*s", "/3.0/campaigns", true), ("/3.0/c*p*s", "/3.0/campaigns", true),
    ("/3.0/c*x*s", "/3.0/campaigns", false),
    ("/3.0/campaigns", "/3.0/campaigns/", false), ("/a*a", "/a", false), ("/3.0/Ping", "/3.0/ping", false),
  ])
  func globMatchesSegments(pattern: String, path: String, matches: Bool) {
    #expect(PathPattern(pattern).matches(path) == matches)
  }

  @Test func faultSkipsAndCountsItsOwnRequests() throws {
    var book = FaultBook()
    let first = book.add(
      try SandboxFault(parsing: #"{"path": "/a", "skip": 1, "times": 2, "do": {"status": 500}}"#))
    let second = book.add(
      try SandboxFault(parsing: #"{"path": "/**", "times": null, "do": {"status": 503}}"#))
    let request = SandboxRequest(method: "GET", host: "h", path: "/a")
    let other = SandboxRequest(method: "GET", host: "h", path: "/b")
    #expect(book.strike(request)?.id == second)
    #expect(book.strike(other)?.id == second)
    #expect(book.strike(request)?.id == first)
    #expect(book.strike(request)?.id == first)
    #expect(book.strike(request)?.id == second)
    let spent = book.remove(id: second)
    #expect(spent)
    #expect(book.strike(request) == nil)
    let again = book.remove(id: second)
    #expect(!again)
  }

  @Test func hostAndMethodNarrowAFault() throws {
    let fault = try SandboxFault(
      parsing: #"{"host": "*.api.mailchimp.com", "method": "GET", "path": "/**", "do": {"status": 500}}"#)
    #expect(fault.matches(SandboxRequest(method: "GET", host: "us19.api.mailchimp.com", path: "/")))
    #expect(!fault.matches(SandboxRequest(method: "GET", host: "login.mailchimp.com", path: "/")))
    #expect(!fault.matches(SandboxRequest(method: "POST", host: "us19.api.mailchimp.com", path: "/")))
  }

  @Test(.timeLimit(.minutes(10)))
  func manyWildcardsAreMatchedInGoodTime() {
    let pattern = PathPattern(String(repeating: "/**/a", count: 12) + "/b")
    let path = String(repeating: "/a", count: 2000)
    #expect(!pattern.matches(path))
    #expect(pattern.matches(path + "/b"))
  }
}
