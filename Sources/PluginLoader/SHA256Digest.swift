internal import COpenSSL

/// The SHA-256 of some bytes; calls `copenssl_sha256`.
package struct SHA256Digest: Sendable, Hashable {
  /// Lower-case hex, as manifests and file names write it.
  package let hex: String

  /// - Throws: `DigestUnavailable` when this machine's OpenSSL offers no SHA-256.
  package init(of bytes: [UInt8]) throws(DigestUnavailable) {
    var digest = [UInt8](repeating: 0, count: 32)
    guard unsafe copenssl_sha256(bytes, bytes.count, &digest) == 1 else { throw DigestUnavailable() }
    let digits = Array("0123456789abcdef".utf8)
    hex = String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

package struct DigestUnavailable: Error {}
