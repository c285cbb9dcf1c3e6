/// A glob over a path: `*` is any run of characters inside one segment, `**` any number of segments.
struct PathPattern: Sendable, Equatable {
  let text: String

  init(_ text: String) { self.text = text }

  func matches(_ path: String) -> Bool {
    let pattern = text.split(separator: "/", omittingEmptySubsequences: false)
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    return Self.matches(pattern[...], segments[...])
  }

  private static func matches(_ pattern: ArraySlice<Substring>, _ segments: ArraySlice<Substring>) -> Bool {
    guard let first = pattern.first else { return segments.isEmpty }
    if first == "**" {
      return (0...segments.count).contains { matches(pattern.dropFirst(), segments.dropFirst($0)) }
    }
    guard let segment = segments.first, Wildcard.matches(String(first), String(segment)) else { return false }
    return matches(pattern.dropFirst(), segments.dropFirst())
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
