import ConnectorModel
import Manifest
import Secrets
import Testing

@testable import Egress
@testable import Manifest

@Suite struct SecretCaptureTests {
  private static let pages = Manifest.Capture(
    path: JSONPath(steps: [.member("data"), .every, .member("access_token")]), profile: "page_token",
    key: JSONPath(steps: [.member("id")]), keep: false)

  private let body = Array(
    #"{"data":[{"id":"1","access_token":"canary-one"},{"id":"2","access_token":"canary-two"}],"next":"https://x/?t=canary-one"}"#
      .utf8)

  private func capture(
    _ body: [UInt8], into secrets: inout CapturedSecrets, isSuccess: Bool = true, operation: String = "op",
    rules: [Manifest.Capture] = [pages]
  ) -> SecretCapture.Result {
    var kept = secrets
    defer { secrets = kept }
    return SecretCapture(rules: rules).apply(to: body, isSuccess: isSuccess) { secret, profile, key in
      kept.keep(secret, profile: profile, key: key, operation: operation)
    }
  }

  private func text(_ result: SecretCapture.Result) -> String {
    if case .replaced(let bytes) = result { return String(decoding: bytes, as: UTF8.self) }
    return ""
  }

  @Test func declaredSecretsBecomeHandlesAndNoneIsLeft() throws {
    var secrets = CapturedSecrets()
    secrets.open("op")
    let seen = text(capture(body, into: &secrets))
    #expect(!seen.contains("canary"))
    let handles = seen.matches(of: #/pbh_[a-z2-7]{26}/#).map { String(seen[$0.range]) }
    #expect(Set(handles).count == 2)
    let kept = handles.compactMap {
      secrets.secret($0, profile: "page_token", operation: "op")?.reveal { $0 }
    }
    #expect(Set(kept) == ["canary-one", "canary-two"])
  }

  @Test func theSameKeyGetsTheSameHandleInOneOperationOnly() {
    var secrets = CapturedSecrets()
    secrets.open("op")
    secrets.open("other")
    let first = text(capture(body, into: &secrets))
    #expect(first == text(capture(body, into: &secrets)))
    #expect(first != text(capture(body, into: &secrets, operation: "other")))
    var elsewhere = CapturedSecrets()
    elsewhere.open("op")
    #expect(first == text(capture(body, into: &elsewhere)), "handles are the same in every process")
  }

  @Test func emptySecretIsNoneAndReplacesNone() throws {
    let rule = Manifest.Capture(
      path: JSONPath(steps: [.member("signing_secret")]), profile: "signing",
      key: JSONPath(steps: [.member("id")]),
      keep: true)
    var secrets = CapturedSecrets()
    secrets.open("op")
    let made = text(
      capture(Array(#"{"id":"w1","signing_secret":"canary-one"}"#.utf8), into: &secrets, rules: [rule]))
    let later = Array(#"{"id":"w1","signing_secret":""}"#.utf8)
    #expect(capture(later, into: &secrets, rules: [rule]) == .unchanged)
    let handle = try #require(made.firstMatch(of: #/pbh_[a-z2-7]{26}/#).map { String($0.output) })
    #expect(secrets.secret(handle, profile: "signing", operation: "op")?.reveal { $0 } == "canary-one")
  }

  @Test func handlesDieWithTheirOperation() {
    var secrets = CapturedSecrets()
    secrets.open("op")
    let handle = secrets.keep(Secret("s"), profile: "page_token", key: "1", operation: "op")
    #expect(handle.count == 30)
    #expect(secrets.secret(handle, profile: "other", operation: "op") == nil)
    #expect(secrets.secret(handle, profile: "page_token", operation: "op2") == nil)
    secrets.close("op")
    #expect(secrets.secret(handle, profile: "page_token", operation: "op") == nil)
    _ = secrets.keep(Secret("late"), profile: "page_token", key: "1", operation: "op")
    #expect(secrets.secret(handle, profile: "page_token", operation: "op") == nil)
  }

  @Test func liveHandlesAreFoundAnywhereInBytes() {
    var secrets = CapturedSecrets()
    secrets.open("op")
    let handle = secrets.keep(Secret("s"), profile: "p", key: "1", operation: "op")
    #expect(secrets.isHandle(in: "post: ppbh_\(handle)!".utf8, operation: "op"))
    #expect(secrets.isHandle(in: handle.utf8, operation: "op"))
    #expect(!secrets.isHandle(in: handle.dropLast().utf8, operation: "op"))
    #expect(!secrets.isHandle(in: "pbh_\(String(repeating: "a", count: 26))".utf8, operation: "op"))
    #expect(!secrets.isHandle(in: handle.utf8, operation: "other"))
  }

  @Test func unreadableSuccessesAreWithheldAndUnreadableErrorsPass() {
    var secrets = CapturedSecrets()
    secrets.open("op")
    let cut = Array(body.dropLast(3))
    #expect(capture(cut, into: &secrets) == .unreadable)
    #expect(capture(Array("<html>".utf8), into: &secrets) == .unreadable)
    #expect(capture(cut, into: &secrets, isSuccess: false) == .unchanged)
    #expect(capture([], into: &secrets) == .unchanged)
    #expect(capture(cut, into: &secrets, rules: []) == .unchanged)
  }

  @Test func bodiesWithoutTheDeclaredPathStayAsTheyAre() {
    var secrets = CapturedSecrets()
    secrets.open("op")
    #expect(capture(Array(#"{"data":[{"id":"1"}]}"#.utf8), into: &secrets) == .unchanged)
    #expect(capture(Array(#"{"data":[{"access_token":null}]}"#.utf8), into: &secrets) == .unchanged)
  }

  @Test func secretsThatAreNoTextAreCapturedToo() {
    var secrets = CapturedSecrets()
    secrets.open("op")
    let odd = Array(#"{"data":[{"id":7,"access_token":{"v":"canary"}}]}"#.utf8)
    #expect(!text(capture(odd, into: &secrets)).contains("canary"))
  }
}
