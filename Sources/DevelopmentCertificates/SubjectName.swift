internal import Glibc

/// A name that a leaf certificate is for: a DNS name, with a wildcard in its first label or not, or an IP address.
struct SubjectName: Hashable {
  let text: String
  /// The 4 or 16 bytes of an address; nil for a DNS name.
  let address: [UInt8]?

  /// Accepts letters, digits, `-`, `.` and a leading `*.`, or an IPv4 or IPv6 address.
  ///
  /// The strictness is what keeps a name from ending one extension entry and starting the next.
  init(_ text: String) throws(CertificateError) {
    let lowercased = text.lowercased()
    self.text = lowercased
    address =
      Self.address(lowercased, family: AF_INET, count: 4)
      ?? Self.address(lowercased, family: AF_INET6, count: 16)
    guard address == nil else { return }
    var labels = lowercased.split(separator: ".", omittingEmptySubsequences: false)
    if labels.count > 1, labels.first == "*" { labels.removeFirst() }
    guard lowercased.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else { throw .invalidName(text) }
  }

  /// The entry as OpenSSL's `subjectAltName` syntax writes it.
  var configuration: String { (address == nil ? "DNS:" : "IP:") + text }

  /// The entry as a certificate holds it, comparable with `Certificate.entries`.
  var entry: [UInt8] {
    if let address { return Array("IP:".utf8) + address }
    return Array("DNS:".utf8) + Array(text.utf8)
  }

  private static func isLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
      && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  /// The bytes of an address in text, or nil.
  ///
  /// Calls `inet_pton`.
  private static func address(_ text: String, family: Int32, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return unsafe inet_pton(family, text, &bytes) == 1 ? bytes : nil
  }
}
