extension Manifest.RoutePattern {
  /// Reads `PUT /lists/*/members/*` or, for any method, `/lists/**`.
  ///
  /// - Throws: `malformedRoute` saying what is wrong.
  package init(parsing text: String) throws(ManifestError) {
    func fault(_ reason: String) -> ManifestError { .malformedRoute(text, reason: reason) }
    var path = text[...]
    var method: String?
    if let space = text.firstIndex(of: " ") {
      let word = String(text[..<space])
      guard TextForm.httpMethod.fault(in: word) == nil else {
        throw fault("\(word) is not a method known here")
      }
      method = word
      path = text[text.index(after: space)...]
    }
    guard path.hasPrefix("/") else { throw fault("the path does not start with /") }
    guard path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !path.contains(where: { "?#\\".contains($0) })
    else {
      throw fault("a path has no spaces, query or fragment")
    }
    let segments = Self.segments(of: path)
    for (index, segment) in segments.enumerated() {
      if segment == ".." || segment == "." { throw fault("the segment \(segment) leads elsewhere") }
      if segment == "**", index < segments.count - 1 {
        throw fault("** stands for the rest, so nothing follows it")
      }
      if segment != "*", segment != "**", segment.contains("*") {
        throw fault("* stands for a whole segment")
      }
    }
    self.init(method: method, segments: segments)
  }

  /// Whether a request is of this route.
  ///
  /// - Parameter path: below the endpoint's base, normalised, starting with `/`; a query is not looked at.
  package func matches(method: String, path: String) -> Bool {
    if let wanted = self.method, wanted != method { return false }
    let parts = Self.segments(of: path.prefix { $0 != "?" && $0 != "#" })
    for (index, segment) in segments.enumerated() {
      if segment == "**" { return true }
      guard index < parts.count, segment == "*" ? !parts[index].isEmpty : segment == parts[index] else {
        return false
      }
    }
    return parts.count == segments.count
  }

  /// None for `/`; a slash at the end is an empty last segment.
  private static func segments(of path: Substring) -> [String] {
    let inner = path.hasPrefix("/") ? path.dropFirst() : path
    guard !inner.isEmpty else { return [] }
    return inner.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}

extension Manifest.RoutePattern: CustomStringConvertible {
  package var description: String { (method.map { $0 + " " } ?? "") + "/" + segments.joined(separator: "/") }
}
