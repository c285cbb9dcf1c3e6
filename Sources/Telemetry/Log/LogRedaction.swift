package import Secrets
internal import Synchronization

internal import struct FoundationEssentials.Data

/// Hides secrets in text that people will read: those that were registered, and what has the shape of one.
///
/// One pass from left to right; the time is proportional to the length, whatever the text.
package final class LogRedaction: Sendable {
  package static let mask = "[hidden]"
  /// At least so many of the secrets registered last are known; register a secret whenever it is used.
  package static let remembered = 2048
  /// Longer secrets are known by so many of their first bytes.
  private static let longestSecret = 4096

  /// Two generations: when the newer one is full it becomes the older one, whose secrets are forgotten.
  private struct Known {
    var newer = SecretPatterns()
    var older = SecretPatterns()
    var count = 0
    var texts: Set<Secret> = []
  }

  private let known = Mutex(Known())

  package init() {}

  /// Hides this text from now on, in plain, percent-encoded, JSON-escaped and base64 form.
  ///
  /// Texts under eight bytes are not hidden: they would be found everywhere.
  package func register(_ secret: Secret) {
    known.withLock { known in
      guard known.texts.insert(secret).inserted else { return }
      if known.texts.count > Self.remembered {
        known.older = known.newer
        known.newer = SecretPatterns()
        known.texts = [secret]
      }
      secret.reveal { text in
        for form in Self.forms(of: text) { known.newer.insert(form) }
      }
    }
  }

  /// The text without secrets.
  ///
  /// - Parameter limit: how many bytes of it are looked at and shown; where there is more, `…` stands at the end.
  package func apply(to text: String, atMost limit: Int = .max) -> String {
    let (newer, older) = known.withLock { ($0.newer, $0.older) }
    let bytes = Array(text.utf8)
    let shapes = SecretShapes(bytes: bytes)
    var out: [UInt8] = []
    out.reserveCapacity(min(bytes.count, limit) + 16)
    var index = 0
    var hiddenUntil = 0
    var isHiding = false
    var pending: Range<Int>?
    while index < bytes.count, index < limit {
      if !newer.isEmpty, let end = newer.end(ofSecretAt: index, in: bytes) {
        hiddenUntil = max(hiddenUntil, end)
      }
      if !older.isEmpty, let end = older.end(ofSecretAt: index, in: bytes) {
        hiddenUntil = max(hiddenUntil, end)
      }
      if pending == nil, index >= hiddenUntil { pending = shapes.secret(at: index) }
      if let range = pending, index >= range.lowerBound {
        hiddenUntil = max(hiddenUntil, range.upperBound)
        pending = nil
      }
      if index < hiddenUntil {
        if !isHiding { out += Self.mask.utf8 }
        isHiding = true
      } else {
        isHiding = false
        out.append(bytes[index])
      }
      index += 1
    }
    if index < bytes.count { out += "…".utf8 }
    return String(decoding: out, as: UTF8.self)
  }

  /// The text, and how base64 shows it when it stands at any place within something longer.
  private static func forms(of text: String) -> Set<String> {
    let bytes = Array(text.utf8.prefix(longestSecret))
    var forms: Set<String> = [String(decoding: bytes, as: UTF8.self)]
    for lead in 0..<3 {
      let whole = Data([UInt8](repeating: 0, count: lead) + bytes).base64EncodedString()
      // Characters that also depend on what stands before or after.
      let first = lead == 0 ? 0 : lead + 1
      let last = (lead + bytes.count) * 8 / 6
      guard first < last else { continue }
      let inner = whole.prefix(last).dropFirst(first)
      forms.insert(String(inner))
      forms.insert(String(inner.replacing("+", with: "-").replacing("/", with: "_")))
    }
    return forms
  }
}
