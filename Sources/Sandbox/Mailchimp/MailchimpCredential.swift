internal import struct FoundationEssentials.Data

/// What an `Authorization` header carries: the password of Basic, whatever the user, or a bearer token.
struct MailchimpCredential: Equatable {
  enum Scheme: Equatable {
    case basic
    case bearer
  }

  let scheme: Scheme
  let secret: String

  /// Nil where the header is neither, or empty.
  init?(header: String) {
    let parts = header.split(separator: " ", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    switch parts[0].lowercased() {
    case "bearer":
      scheme = .bearer
      secret = String(parts[1]).trimmed
    case "basic":
      guard let bytes = Data(base64Encoded: String(parts[1]).trimmed) else { return nil }
      let pair = String(decoding: bytes, as: UTF8.self)
      guard let colon = pair.firstIndex(of: ":") else { return nil }
      scheme = .basic
      secret = String(pair[pair.index(after: colon)...])
    default: return nil
    }
    guard !secret.isEmpty else { return nil }
  }
}
