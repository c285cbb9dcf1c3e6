/// One member of an object, in the connector's words and in Mailchimp's.
struct Field: Sendable {
  indirect enum Kind: Sendable {
    /// Of so many characters at most.
    case text(atMost: Int)
    /// An id that may stand in a path.
    case id
    /// One of these where it is asked for; what the platform answers may be a word that is new.
    case word([String])
    case integer
    case number
    case flag
    case object([Field])
    case list(Kind)
    /// An object whose members carry names of the account's own, such as merge tags; strings of so many bytes at most.
    case named(atMostBytes: Int)
    /// Anything, as it is.
    case open
  }

  let name: String
  /// Where it stands on the wire.
  let path: [String]
  let kind: Kind
  private(set) var isRequired = false

  /// - Parameter path: members joined by points; the name with underscores when not given.
  init(_ name: String, at path: String? = nil, _ kind: Kind = .text(atMost: 10_000)) {
    self.name = name
    self.path = (path ?? name.snakeCased).split(separator: ".").map(String.init)
    self.kind = kind
  }

  /// The same field, without which there is no object.
  var required: Field {
    var field = self
    field.isRequired = true
    return field
  }
}

extension Field: ExpressibleByStringLiteral {
  /// A text under the same name on both sides.
  init(stringLiteral name: String) { self.init(name) }
}

extension String {
  fileprivate var snakeCased: String {
    reduce(into: "") { text, character in
      text += character.isUppercase ? "_\(character.lowercased())" : String(character)
    }
  }
}
