internal import COpenSSL
internal import Glibc

/// The one owner of an `EVP_PKEY`: a P-256 key pair.
///
/// Freed with its owner; the pointer never leaves this file.
@safe
struct PrivateKey: ~Copyable {
  fileprivate let pointer: OpaquePointer

  /// A new key pair.
  ///
  /// Calls `EVP_EC_gen`.
  static func generate() throws(CertificateError) -> PrivateKey {
    guard let pointer = unsafe copenssl_generate_p256() else { throw .library(operation: "generate a key") }
    return unsafe PrivateKey(pointer: pointer)
  }

  /// The key in a PEM file's bytes, or nil where there is none.
  ///
  /// Calls `PEM_read_bio_PrivateKey`.
  static func read(pem: [UInt8]) -> PrivateKey? {
    guard let memory = Memory.holding(pem) else { return nil }
    guard let pointer = unsafe PEM_read_bio_PrivateKey(memory.pointer, nil, nil, nil) else {
      ERR_clear_error()
      return nil
    }
    return unsafe PrivateKey(pointer: pointer)
  }

  /// The key as unencrypted PKCS#8.
  ///
  /// Calls `PEM_write_bio_PrivateKey`.
  func pem() throws(CertificateError) -> [UInt8] {
    let memory = try Memory()
    guard unsafe PEM_write_bio_PrivateKey(memory.pointer, pointer, nil, nil, 0, nil, nil) == 1 else {
      throw .library(operation: "write a key")
    }
    return memory.contents
  }

  deinit { unsafe EVP_PKEY_free(pointer) }
}

/// The one owner of an `X509`.
@safe
struct Certificate: ~Copyable {
  fileprivate let pointer: OpaquePointer

  /// The certificate in a PEM file's bytes, or nil where there is none.
  ///
  /// Calls `PEM_read_bio_X509`.
  static func read(pem: [UInt8]) -> Certificate? {
    guard let memory = Memory.holding(pem) else { return nil }
    guard let pointer = unsafe PEM_read_bio_X509(memory.pointer, nil, nil, nil) else {
      ERR_clear_error()
      return nil
    }
    return unsafe Certificate(pointer: pointer)
  }

  /// A certificate authority that signs itself and nothing below its leaves.
  static func authority(commonName: String, days: Int, key: borrowing PrivateKey) throws(CertificateError)
    -> Certificate
  {
    let certificate = try blank(commonName: commonName, days: days, key: key)
    try certificate.take(issuerOf: certificate)
    try certificate.extend(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: certificate)
    try certificate.extend(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: certificate)
    try certificate.extend(NID_subject_key_identifier, "hash", issuer: certificate)
    try certificate.sign(with: key)
    return certificate
  }

  /// A server's certificate for `names`, signed by `issuer`.
  static func leaf(
    names: [SubjectName], days: Int, key: borrowing PrivateKey, issuer: borrowing Certificate,
    issuerKey: borrowing PrivateKey
  ) throws(CertificateError) -> Certificate {
    guard let first = names.first else { throw .noNames }
    // 64 is the upper bound of a common name in X.520; the names that count are in subjectAltName.
    let certificate = try blank(commonName: String(first.text.prefix(64)), days: days, key: key)
    try certificate.take(issuerOf: issuer)
    try certificate.extend(NID_basic_constraints, "critical,CA:FALSE", issuer: issuer)
    try certificate.extend(NID_key_usage, "critical,digitalSignature", issuer: issuer)
    try certificate.extend(NID_ext_key_usage, "serverAuth", issuer: issuer)
    try certificate.extend(
      NID_subject_alt_name, names.map(\.configuration).joined(separator: ","), issuer: issuer)
    try certificate.extend(NID_subject_key_identifier, "hash", issuer: issuer)
    try certificate.extend(NID_authority_key_identifier, "keyid", issuer: issuer)
    try certificate.sign(with: issuerKey)
    return certificate
  }

  /// The certificate as PEM.
  ///
  /// Calls `PEM_write_bio_X509`.
  func pem() throws(CertificateError) -> [UInt8] {
    let memory = try Memory()
    guard unsafe PEM_write_bio_X509(memory.pointer, pointer) == 1 else {
      throw .library(operation: "write a certificate")
    }
    return memory.contents
  }

  /// Whether it is valid now and still will be in `days` days.
  ///
  /// Calls `X509_cmp_time`.
  func isValid(forDays days: Int) -> Bool {
    let day = 86_400
    var now = time(nil)
    var then = now + days * day
    return unsafe X509_cmp_time(X509_get0_notBefore(pointer), &now) < 0
      && X509_cmp_time(X509_get0_notAfter(pointer), &then) > 0
  }

  /// Whether `key` is this certificate's key.
  ///
  /// Calls `X509_check_private_key`.
  func belongs(to key: borrowing PrivateKey) -> Bool {
    let fits = unsafe X509_check_private_key(pointer, key.pointer) == 1
    ERR_clear_error()
    return fits
  }

  /// Whether `issuerKey` signed it.
  ///
  /// Calls `X509_verify`.
  func isSigned(by issuerKey: borrowing PrivateKey) -> Bool {
    let isSigned = unsafe X509_verify(pointer, issuerKey.pointer) == 1
    ERR_clear_error()
    return isSigned
  }

  /// The DNS names and addresses it is for, as `DNS:` and `IP:` entries; an address is written as raw bytes.
  var entries: Set<[UInt8]> {
    guard let names = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil) else { return [] }
    let list = OpaquePointer(names)
    defer { unsafe GENERAL_NAMES_free(list) }
    var entries: Set<[UInt8]> = []
    for index in 0..<(unsafe copenssl_alternative_name_count(list)) {
      var bytes: UnsafePointer<UInt8>?
      let name = unsafe copenssl_dns_name(list, index, &bytes)
      if name >= 0, let bytes = unsafe bytes {
        unsafe entries.insert(Array("DNS:".utf8) + UnsafeBufferPointer(start: bytes, count: Int(name)))
      }
      let address = unsafe copenssl_ip_address(list, index, &bytes)
      if address >= 0, let bytes = unsafe bytes {
        unsafe entries.insert(Array("IP:".utf8) + UnsafeBufferPointer(start: bytes, count: Int(address)))
      }
    }
    return entries
  }

  deinit { unsafe X509_free(pointer) }

  private static func blank(
    commonName: String, days: Int, key: borrowing PrivateKey
  ) throws(CertificateError) -> Certificate {
    guard let pointer = unsafe X509_new() else { throw .library(operation: "make a certificate") }
    let certificate = unsafe Certificate(pointer: pointer)
    // A clock that is a little behind must not see a certificate of the future.
    let anHourAgo = -3600
    let name = Array(commonName.utf8)
    let isFilled =
      unsafe X509_set_version(pointer, Int(X509_VERSION_3)) == 1
      && copenssl_set_random_serial(pointer) == 1
      && X509_gmtime_adj(X509_getm_notBefore(pointer), anHourAgo) != nil
      && X509_time_adj_ex(X509_getm_notAfter(pointer), Int32(days), 0, nil) != nil
      && X509_set_pubkey(pointer, key.pointer) == 1
      && X509_NAME_add_entry_by_NID(
        X509_get_subject_name(pointer), NID_commonName, MBSTRING_ASC | 1, name, Int32(name.count), -1, 0) == 1
    guard isFilled else { throw .library(operation: "fill a certificate") }
    return certificate
  }
  private func take(issuerOf issuer: borrowing Certificate) throws(CertificateError) {
    guard unsafe X509_set_issuer_name(pointer, X509_get_subject_name(issuer.pointer)) == 1 else {
      throw .library(operation: "name the issuer")
    }
  }

  /// Adds one extension in OpenSSL's configuration syntax.
  ///
  /// Calls `X509V3_EXT_conf_nid`.
  private func extend(_ kind: Int32, _ value: String, issuer: borrowing Certificate) throws(CertificateError)
  {
    var context = unsafe X509V3_CTX()
    unsafe X509V3_set_ctx(&context, issuer.pointer, pointer, nil, nil, 0)
    guard let `extension` = unsafe X509V3_EXT_conf_nid(nil, &context, kind, value) else {
      ERR_clear_error()
      throw .library(operation: "read a certificate extension")
    }
    defer { unsafe X509_EXTENSION_free(`extension`) }
    guard unsafe X509_add_ext(pointer, `extension`, -1) == 1 else {
      throw .library(operation: "add a certificate extension")
    }
  }

  private func sign(with key: borrowing PrivateKey) throws(CertificateError) {
    guard unsafe X509_sign(pointer, key.pointer, EVP_sha256()) > 0 else {
      throw .library(operation: "sign a certificate")
    }
  }
}

/// The one owner of a memory `BIO`.
@safe
private struct Memory: ~Copyable {
  let pointer: OpaquePointer

  /// An empty one to write to.
  init() throws(CertificateError) {
    guard let pointer = unsafe BIO_new(BIO_s_mem()) else { throw .library(operation: "allocate memory") }
    unsafe self.pointer = pointer
  }

  /// One that holds a copy of `bytes`, or nil.
  static func holding(_ bytes: [UInt8]) -> Memory? {
    guard let memory = try? Memory() else { return nil }
    guard unsafe BIO_write(memory.pointer, bytes, Int32(bytes.count)) == Int32(bytes.count) else {
      return nil
    }
    return memory
  }

  /// A copy of what was written to it.
  var contents: [UInt8] {
    var data: UnsafePointer<CChar>?
    let count = unsafe copenssl_bio_contents(pointer, &data)
    guard count > 0, let data = unsafe data else { return [] }
    return unsafe UnsafeBufferPointer(start: data, count: count).map { UInt8(bitPattern: $0) }
  }

  deinit { unsafe BIO_free(pointer) }
}
