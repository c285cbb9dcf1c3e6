import ConnectorModel
import Testing

@testable import Sandbox

@Suite struct MailchimpLoginTests {
  var api = MailchimpBench()
  static let redirect = "https://localhost:3000/api/oauth/mailchimp/callback"

  private mutating func login(
    _ method: String, _ target: String, form: [NamedText] = [], headers: [NamedText] = []
  ) -> BenchAnswer {
    api.raw(
      method, target, body: Array(FormText.encode(form).utf8), host: "login.mailchimp.com", headers: headers)
  }

  private mutating func consent(redirect: String = Self.redirect, client: String = "sandbox-client")
    -> BenchAnswer
  {
    let query = FormText.encode([
      NamedText("response_type", "code"), NamedText("client_id", client), NamedText("redirect_uri", redirect),
      NamedText("state", "a b&c"),
    ])
    return login("GET", "/oauth2/authorize?" + query)
  }

  private func code(_ answer: BenchAnswer) -> String {
    let query = answer.response.header("Location")?.split(separator: "?").last ?? ""
    return FormText.decode(String(query)).first { $0.name == "code" }?.value ?? ""
  }

  private mutating func exchange(
    _ code: String, redirect: String = Self.redirect, secret: String = "sandbox-client-secret"
  ) -> BenchAnswer {
    login(
      "POST", "/oauth2/token",
      form: [
        NamedText("grant_type", "authorization_code"), NamedText("client_id", "sandbox-client"),
        NamedText("client_secret", secret), NamedText("redirect_uri", redirect), NamedText("code", code),
      ])
  }

  @Test mutating func consentLeadsToATokenThatTheAPITakes() {
    let consent = consent()
    #expect(consent.status == 302)
    #expect(consent.response.header("Location")?.hasPrefix(Self.redirect + "?code=") == true)
    #expect(consent.response.header("Location")?.hasSuffix("&state=a%20b%26c") == true)
    let token = exchange(code(consent))
    #expect(token.status == 200)
    #expect(token["expires_in"] == 0)
    #expect(token["scope"] == JSONValue.null)
    let text = token["access_token"]?.text ?? ""
    #expect(api.send("GET", "/ping", authorization: "Bearer \(text)").status == 200)
    #expect(
      api.send("GET", "/ping", host: "api.mailchimp.com", authorization: "Bearer \(text)").status == 200)
    let metadata = login("GET", "/oauth2/metadata", headers: [NamedText("Authorization", "OAuth \(text)")])
    #expect(metadata["dc"] == "us19")
    #expect(metadata["api_endpoint"] == "https://us19.api.mailchimp.com")
    #expect(metadata["user_id"]?.integer != nil)
    #expect(metadata["login"]?["login_id"]?.integer.map(String.init) == api.get("/")["login_id"]?.text)
  }

  @Test mutating func metadataSaysSuccessToABadToken() {
    let answer = login("GET", "/oauth2/metadata", headers: [NamedText("Authorization", "OAuth nonsense")])
    #expect(answer.status == 200)
    #expect(answer.json == ["error": "invalid_token"])
  }

  @Test mutating func codeIsGoodForOneTryAndTenMinutes() {
    let first = code(consent())
    #expect(exchange(first, redirect: Self.redirect + "/").json == ["error": "invalid_grant"])
    #expect(exchange(first).json == ["error": "invalid_grant"])
    let second = code(consent())
    api.advance(seconds: 601)
    #expect(exchange(second).status == 400)
  }

  @Test mutating func rotatedSecretIsRefused() {
    let answer = exchange(code(consent()), secret: "old")
    #expect(answer.status == 401)
    #expect(answer.json == ["error": "invalid_client"])
  }

  @Test mutating func redirectMustBeRegistered() {
    #expect(consent(redirect: "http://localhost:3000/callback").status == 400)
    #expect(consent(redirect: "http://127.0.0.1:3000/callback").status == 302)
    #expect(consent(client: "other").status == 400)
  }

  @Test(arguments: [
    "https://a.example/\r\nX-Injected: 1", "https://a.example/\n", "https://a.example/ b",
    "https://ä.example/",
  ])
  mutating func redirectCannotWriteIntoTheAnswersHead(redirect: String) {
    let answer = consent(redirect: redirect)
    #expect(answer.status == 400)
    #expect(answer.response.header("Location") == nil)
  }
}
