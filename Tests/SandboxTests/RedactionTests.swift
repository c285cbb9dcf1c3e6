import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct RedactionTests {
  @Test(arguments: [
    ("Authorization", "Basic dXNlcjprZXk=", "Basic ***"), ("authorization", "Bearer abc def", "Bearer ***"),
    ("Authorization", "secret", "***"), ("Cookie", "a=b", "***"), ("X-Access-Token", "abc", "***"),
    ("X-Mailchimp-Signature", "t=1,v1=ab", "***"), ("X-Api-Key", "abc", "***"), ("Accept", "*/*", "*/*"),
  ])
  func headerLosesItsSecret(name: String, value: String, shown: String) {
    #expect(Redaction.header(NamedText(name, value)) == shown)
  }

  @Test func queryKeepsItsFormWithoutItsSecrets() {
    #expect(
      Redaction.query("fields=a,b&apikey=x&access%5Ftoken=y&client_secret=z&page_token=p&flag")
        == "fields=a,b&apikey=***&access%5Ftoken=***&client_secret=***&page_token=p&flag")
  }

  @Test func formAndJSONBodiesLoseTheirSecrets() {
    let form = SandboxRequest(
      method: "POST", host: "login.mailchimp.com", path: "/oauth2/token",
      headers: [NamedText("Content-Type", "application/x-www-form-urlencoded")],
      body: Array("grant_type=authorization_code&client_secret=s3cret&code=abc".utf8))
    #expect(
      Redaction.body(of: form) == ["grant_type": "authorization_code", "client_secret": "***", "code": "***"])
    let json = SandboxRequest(
      method: "POST", host: "h", path: "/",
      body: Array(#"{"a":[{"access_token":"s3cret","n":1}],"tokens":{"refresh_token":"s3cret"}}"#.utf8))
    #expect(
      Redaction.body(of: json) == [
        "a": [["access_token": "***", "n": 1]], "tokens": ["refresh_token": "***"],
      ])
    let bytes = SandboxRequest(method: "POST", host: "h", path: "/", body: [0xFF, 0x00])
    #expect(Redaction.body(of: bytes) == nil)
  }

  @Test func everythingUnderASecretNameIsHidden() {
    let json = SandboxRequest(
      method: "POST", host: "h", path: "/",
      body: Array(#"{"access_tokens":["s3cret"],"secret":{"value":"s3cret","n":[1]},"token":null}"#.utf8))
    #expect(
      Redaction.body(of: json) == [
        "access_tokens": ["***"], "secret": ["value": "***", "n": ["***"]], "token": nil,
      ])
  }
}
