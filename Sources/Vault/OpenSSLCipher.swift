internal import COpenSSL

/// AES-256-GCM, SHA-256, chance, base64 and wiping as OpenSSL 3 does them: the module's only door to it.
enum OpenSSLCipher {
  static let nonceBytes = 12
  static let tagBytes = 16

  /// The ciphertext and its tag.
  ///
  /// - Parameter nonce: 12 bytes, never used twice with one key.
  static func seal(_ plaintext: [UInt8], key: KeyBytes, nonce: [UInt8], associated: [UInt8])
    throws(VaultError) -> [UInt8]
  {
    let context = try CipherContext()
    guard context.begin(isEncrypting: true, key: key, nonce: nonce), context.associate(associated),
      let ciphertext = context.update(plaintext[...]), context.finish(), let tag = context.tag()
    else {
      ERR_clear_error()
      throw .library(operation: "encrypt")
    }
    return ciphertext + tag
  }

  /// The plaintext, or nil where key, nonce, associated data or the tag do not fit.
  static func open(_ sealed: ArraySlice<UInt8>, key: KeyBytes, nonce: ArraySlice<UInt8>, associated: [UInt8])
    throws(VaultError) -> [UInt8]?
  {
    guard sealed.count >= tagBytes else { return nil }
    let context = try CipherContext()
    guard context.begin(isEncrypting: false, key: key, nonce: Array(nonce)), context.associate(associated),
      context.expect(tag: Array(sealed.suffix(tagBytes)))
    else {
      ERR_clear_error()
      throw .library(operation: "decrypt")
    }
    guard var plaintext = context.update(sealed.dropLast(tagBytes)) else { return nil }
    guard context.finish() else {
      // What was not proved genuine is nobody's to see.
      wipe(&plaintext)
      ERR_clear_error()
      return nil
    }
    return plaintext
  }

  /// Calls `copenssl_sha256`.
  static func sha256(_ bytes: [UInt8]) throws(VaultError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    guard unsafe copenssl_sha256(bytes, bytes.count, &digest) == 1 else {
      throw .library(operation: "compute a SHA-256")
    }
    return digest
  }

  /// Calls `RAND_bytes`.
  static func randomBytes(_ count: Int) throws(VaultError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else {
      ERR_clear_error()
      throw .library(operation: "make random bytes")
    }
    return bytes
  }

  /// Whether both are the same, in a time that depends on their lengths only.
  ///
  /// Calls `CRYPTO_memcmp`.
  static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    unsafe one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }

  /// Overwrites an array that has no other owner: of a shared one only a copy is wiped.
  ///
  /// Calls `OPENSSL_cleanse`.
  static func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
  }

  /// Calls `EVP_EncodeBlock`.
  static func base64(_ bytes: [UInt8]) -> [UInt8] {
    // One more than the text: OpenSSL ends it with a zero.
    var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    unsafe EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
    text.removeLast()
    return text
  }

  /// The `count` bytes behind a base64 text, or nil where it is not exactly their text.
  ///
  /// Calls `EVP_DecodeBlock`, which forgives spaces and padding; encoding the result again does not.
  static func bytes(base64 text: [UInt8], count: Int) -> [UInt8]? {
    guard text.count == (count + 2) / 3 * 4 else { return nil }
    var bytes = [UInt8](repeating: 0, count: text.count / 4 * 3)
    guard unsafe EVP_DecodeBlock(&bytes, text, Int32(text.count)) >= count else {
      ERR_clear_error()
      return nil
    }
    bytes.removeLast(bytes.count - count)
    var again = base64(bytes)
    defer { wipe(&again) }
    guard areEqual(again, text) else {
      wipe(&bytes)
      return nil
    }
    return bytes
  }
}

/// The bytes of a 256-bit key: never printed, wiped when their last owner lets go.
@safe
// What it points at is written in init and in deinit only.
package final class KeyBytes: @unchecked Sendable {
  package static let count = 32
  fileprivate let memory: UnsafeMutablePointer<UInt8>

  /// Takes over `bytes`, which are wiped; nil unless there are 32.
  package init?(taking bytes: inout [UInt8]) {
    guard bytes.count == Self.count else { return nil }
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.count)
    unsafe memory.initialize(from: bytes, count: Self.count)
    unsafe self.memory = memory
    OpenSSLCipher.wipe(&bytes)
  }

  static func random() throws(VaultError) -> KeyBytes {
    var bytes = try OpenSSLCipher.randomBytes(count)
    guard let key = KeyBytes(taking: &bytes) else { throw .library(operation: "make a key") }
    return key
  }

  /// Hands out a copy of the bytes for the duration of `body`, then wipes it.
  package func reveal<Result, Failure>(_ body: ([UInt8]) throws(Failure) -> Result) throws(Failure) -> Result
  {
    var copy = unsafe Array(UnsafeBufferPointer(start: memory, count: Self.count))
    defer { OpenSSLCipher.wipe(&copy) }
    return try body(copy)
  }

  deinit {
    unsafe OPENSSL_cleanse(memory, Self.count)
    unsafe memory.deallocate()
  }
}

extension KeyBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "‹key›" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .class) }
}

/// The one owner of an `EVP_CIPHER_CTX`.
@safe
private struct CipherContext: ~Copyable {
  private let pointer: OpaquePointer

  /// Calls `EVP_CIPHER_CTX_new`.
  init() throws(VaultError) {
    guard let pointer = unsafe EVP_CIPHER_CTX_new() else { throw .library(operation: "allocate a cipher") }
    unsafe self.pointer = pointer
  }

  /// Calls `EVP_CipherInit_ex2`.
  func begin(isEncrypting: Bool, key: KeyBytes, nonce: [UInt8]) -> Bool {
    unsafe nonce.count == OpenSSLCipher.nonceBytes
      && EVP_CipherInit_ex2(pointer, EVP_aes_256_gcm(), key.memory, nonce, isEncrypting ? 1 : 0, nil) == 1
  }

  func associate(_ bytes: [UInt8]) -> Bool {
    var count: Int32 = 0
    return unsafe EVP_CipherUpdate(pointer, nil, &count, bytes, Int32(bytes.count)) == 1
  }

  /// Calls `EVP_CipherUpdate`, which for GCM returns as many bytes as it was given.
  func update(_ input: ArraySlice<UInt8>) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: input.count)
    var count: Int32 = 0
    let isDone = unsafe input.withUnsafeBufferPointer {
      unsafe $0.isEmpty
        || EVP_CipherUpdate(pointer, &output, &count, $0.baseAddress, Int32($0.count)) == 1
    }
    return isDone && Int(count) == input.count ? output : nil
  }

  /// When opening: whether the tag fits.
  ///
  /// Calls `EVP_CipherFinal_ex`, which for GCM writes nothing more.
  func finish() -> Bool {
    var rest = [UInt8](repeating: 0, count: OpenSSLCipher.tagBytes)
    var count: Int32 = 0
    return unsafe EVP_CipherFinal_ex(pointer, &rest, &count) == 1
  }

  func tag() -> [UInt8]? {
    var tag = [UInt8](repeating: 0, count: OpenSSLCipher.tagBytes)
    let isRead = unsafe EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
    return isRead ? tag : nil
  }

  func expect(tag: [UInt8]) -> Bool {
    var tag = tag
    return unsafe EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
  }

  /// Calls `EVP_CIPHER_CTX_free`, which wipes the key's schedule.
  deinit { unsafe EVP_CIPHER_CTX_free(pointer) }
}

/// The one owner of an `EVP_MD_CTX`: a SHA-256 under way.
@safe
struct DigestContext: ~Copyable {
  /// Nil when OpenSSL refused it; then the digest is of no length, which nothing matches.
  private let pointer: OpaquePointer?

  /// Calls `EVP_MD_CTX_new` and `EVP_DigestInit_ex`.
  init() {
    let pointer = unsafe EVP_MD_CTX_new()
    guard let made = unsafe pointer, unsafe EVP_DigestInit_ex(made, EVP_sha256(), nil) == 1 else {
      unsafe EVP_MD_CTX_free(pointer)
      unsafe self.pointer = nil
      return
    }
    unsafe self.pointer = made
  }

  /// Calls `EVP_DigestUpdate`.
  func update(_ bytes: [UInt8]) {
    if let pointer = unsafe pointer { _ = unsafe EVP_DigestUpdate(pointer, bytes, bytes.count) }
  }

  /// Calls `EVP_DigestFinal_ex`.
  func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    guard let pointer = unsafe pointer, unsafe EVP_DigestFinal_ex(pointer, &digest, nil) == 1 else {
      return []
    }
    return digest
  }

  /// Calls `EVP_MD_CTX_free`.
  deinit { unsafe EVP_MD_CTX_free(pointer) }
}
