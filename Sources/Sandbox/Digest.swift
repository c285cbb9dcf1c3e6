internal import COpenSSL

/// A digest of bytes, as platforms use them for identifiers and signatures.
enum Digest {
  /// MD5 in lower-case hexadecimal.
  ///
  /// Calls `EVP_Digest`.
  static func md5(_ text: String) -> String {
    var digest = [UInt8](repeating: 0, count: 16)
    let bytes = Array(text.utf8)
    let isDone = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_md5(), nil) == 1
    // A FIPS-only OpenSSL has no MD5; zeros are a wrong identifier that a test sees at once.
    return isDone ? hexadecimal(digest) : String(repeating: "0", count: 32)
  }

  /// SHA-256 in lower-case hexadecimal.
  ///
  /// Calls `EVP_Digest`.
  static func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1
    // Empty is no digest, which whoever compares sees at once.
    return isDone ? hexadecimal(digest) : ""
  }

  /// HMAC-SHA256, 32 bytes.
  ///
  /// Calls `EVP_Q_mac`.
  static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    var length = 0
    let result = unsafe EVP_Q_mac(
      nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &code, code.count, &length)
    // Zeros are a wrong signature that every receiver refuses.
    return unsafe result != nil && length == 32 ? code : [UInt8](repeating: 0, count: 32)
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
