/// Finds the known word that somebody most likely meant.
enum NearestWord {
  /// The candidate with the fewest edits, nil when none is near.
  ///
  /// Near is one edit for up to four letters, two for up to eight, else three; a changed case costs nothing.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    let typed = Array(word.lowercased().replacing("-", with: "_").unicodeScalars)
    guard (1...64).contains(typed.count) else { return nil }
    let allowance = typed.count <= 4 ? 1 : typed.count <= 8 ? 2 : 3
    var best: (edits: Int, word: String)?
    for candidate in candidates.sorted() {
      let known = Array(candidate.lowercased().replacing("-", with: "_").unicodeScalars)
      guard abs(known.count - typed.count) <= allowance else { continue }
      let edits = distance(typed, known)
      if edits <= allowance, edits < best?.edits ?? .max { best = (edits, candidate) }
    }
    return best?.word
  }

  /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var previous: [Int] = []
    var current = Array(0...right.count)
    for row in 1...left.count {
      let beforePrevious = previous
      previous = current
      current = [row] + Array(repeating: 0, count: right.count)
      for column in 1...right.count {
        let replacement = previous[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
        current[column] = min(previous[column] + 1, current[column - 1] + 1, replacement)
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          current[column] = min(current[column], beforePrevious[column - 2] + 1)
        }
      }
    }
    return current[right.count]
  }
}
