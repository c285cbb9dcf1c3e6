/// A host name, or one with `*` for a run of any characters.
struct HostPattern: Sendable, Equatable {
  let text: String

  init(_ text: String) { self.text = text }

  func matches(_ host: String) -> Bool {
    Wildcard.matches(text.lowercased(), host.lowercased())
  }
}
