/// An endpoint's base with `{name}` where a connection's variables go.
struct BaseTemplate: Sendable, Equatable {
  private enum Piece: Sendable, Equatable {
    case text(String)
    case variable(String)
  }

  private let pieces: [Piece]

  init(_ template: String) {
    var pieces: [Piece] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      pieces.append(.text(String(rest[..<open])))
      pieces.append(.variable(String(rest[rest.index(after: open)..<close])))
      rest = rest[rest.index(after: close)...]
    }
    self.pieces = pieces + [.text(String(rest))]
  }

  var variables: [String] {
    pieces.compactMap { piece in
      if case .variable(let name) = piece { return name }
      return nil
    }
  }

  /// The base with every variable replaced; each is checked against its pattern in full first.
  func fill(
    _ values: [String: String], patterns: [String: String], endpoint: String
  ) throws(EgressError) -> NormalizedURL {
    var text = ""
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .variable(let name):
        let value = values[name] ?? ""
        guard Self.isPlain(value), try Self.matches(value, patterns[name], name, endpoint) else {
          throw .refused(endpoint: endpoint, "the connection's variable `\(name)` does not match its pattern")
        }
        text += value
      }
    }
    let base: NormalizedURL
    do throws(URLRule) {
      base = try NormalizedURL.absolute(text)
    } catch {
      throw .refused(endpoint: endpoint, "its base in the manifest is no usable URL: \(error.rawValue)")
    }
    guard base.query == nil else {
      throw .refused(endpoint: endpoint, "its base in the manifest has a query")
    }
    return base
  }

  /// Whatever the pattern says: a value never brings a slash, a port or a user along.
  private static func isPlain(_ value: String) -> Bool {
    !value.isEmpty && value.utf8.first != .init(ascii: ".") && !value.contains("..")
      && value.utf8.allSatisfy(PercentEncoding.isUnreserved)
  }

  private static func matches(
    _ value: String, _ pattern: String?, _ name: String, _ endpoint: String
  ) throws(EgressError) -> Bool {
    guard let pattern else { return true }
    guard let expression = try? Regex(pattern) else {
      throw .refused(endpoint: endpoint, "the manifest's pattern for `\(name)` is no regular expression")
    }
    return (try? expression.wholeMatch(in: value)) != nil
  }
}
