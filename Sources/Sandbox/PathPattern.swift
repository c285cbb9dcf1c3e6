/// A glob over a path: `*` is any run of characters inside one segment, `**` any number of segments.
struct PathPattern: Sendable, Equatable {
  let text: String

  init(_ text: String) { self.text = text }

  /// Takes at most pattern times path steps: after a mismatch only the last `**` takes one segment more.
  func matches(_ path: String) -> Bool {
    let pattern = text.split(separator: "/", omittingEmptySubsequences: false)
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    var (place, segment) = (0, 0)
    var lastStars: (place: Int, segment: Int)?
    while segment < segments.count {
      if place < pattern.count, pattern[place] == "**" {
        lastStars = (place, segment)
        place += 1
      } else if place < pattern.count, Wildcard.matches(String(pattern[place]), String(segments[segment])) {
        place += 1
        segment += 1
      } else if let stars = lastStars {
        lastStars = (stars.place, stars.segment + 1)
        place = stars.place + 1
        segment = stars.segment + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "**" }
  }
}

/// Matching with `*` for a run of any characters, also an empty one.
enum Wildcard {
  static func matches(_ pattern: String, _ text: String) -> Bool {
    let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
    guard let first = pieces.first, let last = pieces.last else { return text.isEmpty }
    guard pieces.count > 1 else { return pattern == text }
    guard text.hasPrefix(first), text.hasSuffix(last), text.utf8.count >= first.utf8.count + last.utf8.count
    else {
      return false
    }
    var rest = text.dropFirst(first.count).dropLast(last.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let range = rest.firstRange(of: piece) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }
}
