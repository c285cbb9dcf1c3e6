internal import COpenSSL

/// Ed25519 keys as PEM: the one owner of their `EVP_PKEY`s.
///
/// Freed with their owner; pointers never leave this file.
@safe
package final class Ed25519PrivateKey {
  private let key: OpaquePointer

  private init(_ key: OpaquePointer) { unsafe self.key = key }

  deinit { unsafe EVP_PKEY_free(key) }

  /// A new key; nil where this OpenSSL offers none.

  ///

  /// Calls `EVP_PKEY_keygen`.
  package static func generate() -> Ed25519PrivateKey? {
    guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else { return nil }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var key: OpaquePointer?
    guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe EVP_PKEY_keygen(context, &key) == 1,
      let key = unsafe key
    else { return nil }
    return unsafe Ed25519PrivateKey(key)
  }

  /// The key in a PEM file's bytes; nil where there is none, or it is encrypted.

  ///

  /// Calls `PEM_read_bio_PrivateKey`.
  package convenience init?(pem: [UInt8]) {
    let found = unsafe withBIO(of: pem) { bio in
      // Without the callback OpenSSL would ask the terminal for a passphrase.
      unsafe PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in 0 }, nil)
    }
    guard let key = unsafe ed25519(found) else { return nil }
    unsafe self.init(key)
  }

  /// As unencrypted PKCS#8; nil when memory is short.

  ///

  /// Calls `PEM_write_bio_PrivateKey`.
  package var pem: [UInt8]? {
    unsafe written { bio in unsafe PEM_write_bio_PrivateKey(bio, key, nil, nil, 0, nil, nil) }
  }

  /// Its public half; nil when memory is short.
  package var publicKey: Ed25519PublicKey? {
    let pem = unsafe written { bio in unsafe PEM_write_bio_PUBKEY(bio, key) }
    return pem.flatMap(Ed25519PublicKey.init(pem:))
  }

  /// 64 bytes; nil when it cannot be done.

  ///

  /// Calls `EVP_DigestSign`.
  package func signature(of bytes: [UInt8]) -> [UInt8]? {
    guard let context = unsafe EVP_MD_CTX_new() else { return nil }
    defer { unsafe EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var length = signature.count
    guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
      unsafe EVP_DigestSign(context, &signature, &length, bytes, bytes.count) == 1, length == 64
    else { return nil }
    return signature
  }
}

/// The public half, as its 32 bytes.
package struct Ed25519PublicKey: Sendable, Equatable {
  private let raw: [UInt8]
  /// Lower-case hex of the first 8 bytes of its SHA-256: what people compare.
  package let id: String

  /// The key in a PEM file's bytes; nil where there is none.

  ///

  /// Calls `PEM_read_bio_PUBKEY`.
  package init?(pem: [UInt8]) {
    let found = unsafe withBIO(of: pem) { bio in
      unsafe PEM_read_bio_PUBKEY(bio, nil, { _, _, _, _ in 0 }, nil)
    }
    guard let key = unsafe ed25519(found) else { return nil }
    defer { unsafe EVP_PKEY_free(key) }
    var raw = [UInt8](repeating: 0, count: 32)
    var length = raw.count
    guard unsafe EVP_PKEY_get_raw_public_key(key, &raw, &length) == 1, length == 32,
      let digest = try? SHA256Digest(of: raw)
    else { return nil }
    self.raw = raw
    id = String(digest.hex.prefix(16))
  }

  /// As PEM; nil when memory is short.
  package var pem: [UInt8]? {
    guard let key = unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, raw, raw.count) else {
      return nil
    }
    defer { unsafe EVP_PKEY_free(key) }
    return unsafe written { bio in unsafe PEM_write_bio_PUBKEY(bio, key) }
  }

  /// Calls `EVP_DigestVerify`.
  package func verifies(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
    guard let key = unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, raw, raw.count) else {
      return false
    }
    defer { unsafe EVP_PKEY_free(key) }
    guard let context = unsafe EVP_MD_CTX_new() else { return false }
    defer {
      unsafe EVP_MD_CTX_free(context)
      ERR_clear_error()
    }
    guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
    return unsafe EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
  }
}

/// The key when it is one of this kind; another is freed.
private func ed25519(_ key: OpaquePointer?) -> OpaquePointer? {
  ERR_clear_error()
  guard let key = unsafe key else { return nil }
  guard unsafe EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 else {
    unsafe EVP_PKEY_free(key)
    return nil
  }
  return unsafe key
}

/// Lends the bytes as a BIO.

///

/// Calls `BIO_new_mem_buf`, which copies nothing.
private func withBIO(of bytes: [UInt8], _ body: (OpaquePointer) -> OpaquePointer?) -> OpaquePointer? {
  unsafe bytes.withUnsafeBytes { buffer in
    guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count)) else {
      return nil
    }
    defer { unsafe BIO_free(bio) }
    return unsafe body(bio)
  }
}

/// What `body` writes; nil when it fails.
private func written(_ body: (OpaquePointer) -> Int32) -> [UInt8]? {
  guard let bio = unsafe BIO_new(BIO_s_mem()) else { return nil }
  defer { unsafe BIO_free(bio) }
  guard unsafe body(bio) == 1 else { return nil }
  var data: UnsafePointer<CChar>?
  let count = unsafe copenssl_bio_contents(bio, &data)
  return unsafe data.map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: count)) }
}
