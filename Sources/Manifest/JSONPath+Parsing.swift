extension JSONPath {
  /// Reads `$`, `.name`, `['name']`, `[n]` and `[*]`.
  ///
  /// - Throws: `malformedPath` with the first thing that is none of these.
  package init(parsing text: String) throws(ManifestError) {
    func fault(_ reason: String) -> ManifestError { .malformedPath(text, reason: reason) }
    guard text.first == "$" else { throw fault("it does not start with $") }
    var rest = text.dropFirst()
    var steps: [Step] = []
    while let first = rest.first {
      guard steps.count < 32 else { throw fault("it has more than 32 steps") }
      rest = rest.dropFirst()
      switch first {
      case ".":
        let name = rest.prefix { $0 == "_" || $0 == "-" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard !name.isEmpty else { throw fault("a name must follow the point; write others as ['name']") }
        steps.append(.member(String(name)))
        rest = rest.dropFirst(name.count)
      case "[":
        guard let end = Self.closingBracket(in: rest) else { throw fault("a [ has no ]") }
        let inner = rest[..<end]
        rest = rest[rest.index(after: end)...]
        if inner == "*" {
          steps.append(.every)
        } else if inner.count >= 2, inner.first == "'", inner.last == "'" {
          steps.append(.member(String(inner.dropFirst().dropLast())))
        } else if !inner.isEmpty, inner.allSatisfy({ $0.isASCII && $0.isNumber }), let index = Int(inner) {
          steps.append(.index(index))
        } else {
          throw fault("between brackets stands a number from 0, * or a name in single quotes")
        }
      default: throw fault("\"\(first)\" stands where . or [ must")
      }
    }
    self.init(steps: steps)
  }

  /// The bracket that ends a step, quotes being skipped.
  private static func closingBracket(in text: Substring) -> Substring.Index? {
    guard text.first == "'" else { return text.firstIndex(of: "]") }
    let inner = text.dropFirst()
    guard let quote = inner.firstIndex(of: "'") else { return nil }
    let end = inner.index(after: quote)
    return end < inner.endIndex && inner[end] == "]" ? end : nil
  }
}

extension JSONPath: CustomStringConvertible {
  package var description: String {
    steps.reduce("$") { text, step in
      switch step {
      case .index(let index): text + "[\(index)]"
      case .every: text + "[*]"
      case .member(let name)
      where !name.isEmpty && name.allSatisfy({ $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }):
        text + ".\(name)"
      case .member(let name): text + "['\(name)']"
      }
    }
  }
}
