/// How sealed bytes look: a version, a random nonce, the ciphertext, its tag.
///
/// Nonces are 96 random bits. Under one tenant's key 2³² sealings keep the chance that any two share one below 2⁻³².
enum Envelope {
  static let version: UInt8 = 1
  static let maximumBytes = 1 << 26
  /// What sealing adds.
  static let overhead = 1 + OpenSSLCipher.nonceBytes + OpenSSLCipher.tagBytes

  static func seal(_ plaintext: [UInt8], key: KeyBytes, place: SealedPlace) throws(VaultError) -> [UInt8] {
    guard plaintext.count <= maximumBytes else {
      throw .tooLong(bytes: plaintext.count, what: place.description)
    }
    let nonce = try OpenSSLCipher.randomBytes(OpenSSLCipher.nonceBytes)
    return [version] + nonce
      + (try OpenSSLCipher.seal(
        plaintext, key: key, nonce: nonce, associated: place.associatedData(version: version)))
  }

  /// - Throws: `doesNotOpen`, `unknownVersion`, `tooLong`.
  static func open(_ bytes: [UInt8], key: KeyBytes, place: SealedPlace) throws(VaultError) -> [UInt8] {
    guard let first = bytes.first else { throw .doesNotOpen(what: place.description) }
    guard first == version else { throw .unknownVersion(first, what: place.description) }
    guard bytes.count >= overhead else { throw .doesNotOpen(what: place.description) }
    guard bytes.count - overhead <= maximumBytes else {
      throw .tooLong(bytes: bytes.count - overhead, what: place.description)
    }
    let body = bytes.dropFirst()
    let plaintext = try OpenSSLCipher.open(
      body.dropFirst(OpenSSLCipher.nonceBytes), key: key, nonce: body.prefix(OpenSSLCipher.nonceBytes),
      associated: place.associatedData(version: version))
    guard let plaintext else { throw .doesNotOpen(what: place.description) }
    return plaintext
  }
}
