package import Secrets

/// A key of the HTTP API as its owner holds it: `pb_`, an id of 8 characters, `_`, and 256 random bits in base64url.
///
/// Stored are the id and the digest of the whole; the key itself is shown once, when it is made.
package struct APIKeyText: Sendable {
  private static let prefix = "pb_"
  private static let idAlphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  private static let idBytes = 8
  private static let chanceBytes = 43

  /// The part by which the key is looked up; no secret.
  package let id: String
  package let secret: Secret

  private init(id: String, secret: Secret) {
    self.id = id
    self.secret = secret
  }

  /// A new key.
  ///
  /// - Throws: `library` where OpenSSL has no random bytes.
  package static func make() throws(VaultError) -> APIKeyText {
    let id = String(
      decoding: try OpenSSLCipher.randomBytes(idBytes).map { idAlphabet[Int($0 & 31)] }, as: UTF8.self)
    let chance = OpenSSLCipher.base64(try OpenSSLCipher.randomBytes(32)).prefix(chanceBytes).map {
      switch $0 {
      case UInt8(ascii: "+"): UInt8(ascii: "-")
      case UInt8(ascii: "/"): UInt8(ascii: "_")
      default: $0
      }
    }
    return APIKeyText(
      id: id, secret: Secret("\(prefix)\(id)_" + String(decoding: chance, as: UTF8.self)))
  }

  /// Nil unless `text` has the form of a key; says nothing of whether it is one.
  package init?(parsing text: Secret) {
    let id: String? = text.reveal { text in
      let bytes = Array(text.utf8)
      let head = Self.prefix.utf8.count
      guard bytes.count == head + Self.idBytes + 1 + Self.chanceBytes, text.hasPrefix(Self.prefix) else {
        return nil
      }
      let id = bytes[head..<(head + Self.idBytes)]
      let chance = bytes[(head + Self.idBytes + 1)...]
      guard id.allSatisfy(Self.idAlphabet.contains), bytes[head + Self.idBytes] == UInt8(ascii: "_"),
        chance.allSatisfy(Self.isChance)
      else { return nil }
      return String(decoding: id, as: UTF8.self)
    }
    guard let id else { return nil }
    self.init(id: id, secret: text)
  }

  /// SHA-256 of the whole key, 32 bytes.
  ///
  /// A slow hash is for what people choose; 256 random bits cannot be guessed.
  package func digest() throws(VaultError) -> [UInt8] {
    try OpenSSLCipher.sha256(secret.reveal { Array($0.utf8) })
  }

  /// Whether this is the key whose digest was stored; takes the same time whatever the answer is.
  package func matches(_ stored: [UInt8]) throws(VaultError) -> Bool {
    OpenSSLCipher.areEqual(try digest(), stored)
  }

  private static func isChance(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
