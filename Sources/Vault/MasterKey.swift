/// The key above all data keys, and its text: `patchbay-master-v1:` and the base64 of 32 bytes.
struct MasterKey: Sendable {
  private static let prefix = Array("patchbay-master-v1:".utf8)
  /// One byte more than the text and a newline, so that a longer file is seen to be longer.
  static let longestText = prefix.count + 44 + 2

  let key: KeyBytes

  init(_ key: KeyBytes) { self.key = key }

  /// Reads the text, which is wiped; a newline at its end is allowed.
  ///
  /// - Returns: the key, or what is wrong with the text.
  static func parse(wiping text: inout [UInt8]) -> Result<MasterKey, TextProblem> {
    defer { OpenSSLCipher.wipe(&text) }
    guard text.starts(with: prefix) else { return .failure(.prefix) }
    var rest = Array(text.dropFirst(prefix.count))
    defer { OpenSSLCipher.wipe(&rest) }
    if rest.last == UInt8(ascii: "\n") { rest.removeLast() }
    guard var bytes = OpenSSLCipher.bytes(base64: rest, count: KeyBytes.count),
      let key = KeyBytes(taking: &bytes)
    else { return .failure(.length) }
    return .success(MasterKey(key))
  }

  /// The text with a newline; the caller wipes it.
  func text() -> [UInt8] {
    Self.prefix + key.reveal { OpenSSLCipher.base64($0) } + [UInt8(ascii: "\n")]
  }

  enum TextProblem: Error {
    case prefix
    case length

    var sentence: String {
      switch self {
      case .prefix: "does not begin with patchbay-master-v1:; restore it from a backup"
      case .length:
        "does not hold the base64 of exactly 32 bytes after patchbay-master-v1:; restore it from a backup"
      }
    }
  }
}
