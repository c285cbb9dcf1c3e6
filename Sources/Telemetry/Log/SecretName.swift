/// What a name says of the value behind it.
enum SecretName {
  /// A secret, always.
  case sure
  /// A secret that goes to the end of its line.
  case line
  /// A secret unless the name is a word of a sentence.
  case word
  /// A secret if it is long: otherwise a number of an error.
  case number

  /// Nil where the value is no secret.
  ///
  /// - Parameter name: in lower case.
  init?(_ name: String) {
    switch name {
    case "authorization", "proxy-authorization", "cookie", "set-cookie": self = .line
    case "token", "secret", "password", "signature", "assertion": self = .word
    case "code": self = .number
    case "passwd", "pwd", "sig", "code_verifier", "appsecret_proof", "x-api-key": self = .sure
    default:
      let parts = ["token", "secret", "password", "apikey", "api_key", "api-key", "master_key"]
      guard parts.contains(where: name.contains) else { return nil }
      self = .sure
    }
  }
}
