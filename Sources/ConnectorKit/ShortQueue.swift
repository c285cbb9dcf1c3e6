/// A queue whose only element takes no memory of its own: most operations wait for one thing at a time.
struct ShortQueue<Element: Sendable>: Sendable {
  /// The oldest; nil only when there is none.
  private var first: Element?
  /// The others.
  private var rest: [Element] = []
  /// Index in `rest` of the second oldest.
  private var next = 0

  var isEmpty: Bool { first == nil }

  mutating func append(_ element: Element) {
    if first == nil { first = element } else { rest.append(element) }
  }

  mutating func popFirst() -> Element? {
    defer { advance() }
    return first
  }

  /// Takes the oldest that `matches`.
  mutating func removeFirst(where matches: (Element) -> Bool) -> Element? {
    guard let oldest = first else { return nil }
    if matches(oldest) { return popFirst() }
    return rest[next...].firstIndex(where: matches).map { rest.remove(at: $0) }
  }

  private mutating func advance() {
    if next < rest.count {
      first = rest[next]
      next += 1
    } else {
      first = nil
      if next > 0 { (rest, next) = ([], 0) }
    }
  }
}
