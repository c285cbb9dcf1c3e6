import ConnectorKit

extension [Field] {
  /// The part of an input that these fields are about, in Mailchimp's words.
  ///
  /// - Throws: `OperationError` with code `invalidInput` and a pointer.
  func write(_ input: JSONValue, at place: String = "") throws(OperationError) -> JSONValue {
    guard case .object = input else { throw Field.refusal(place, "is not an object") }
    var body = JSONValue.object([:])
    for field in self {
      let place = "\(place)/\(field.name)"
      guard let value = input[field.name], value != .null else {
        if field.isRequired { throw Field.refusal(place, "is missing") }
        continue
      }
      body.set(try field.kind.write(value, at: place), at: field.path[...])
    }
    return body
  }
}

extension Field {
  static func refusal(_ place: String, _ problem: String) -> OperationError {
    OperationError(
      .invalidInput, "the input \(place.isEmpty ? "" : "at \(place) ")\(problem)", pointer: place)
  }
}

extension Field.Kind {
  fileprivate func write(_ value: JSONValue, at place: String) throws(OperationError) -> JSONValue {
    switch (self, value) {
    case (.text(let most), .string(let text)):
      guard text.count <= most else { throw Field.refusal(place, "has more than \(most) characters") }
    case (.id, .string(let text)):
      guard Identifier(text) != nil else { throw Field.refusal(place, "is not an id of Mailchimp's") }
    case (.word(let words), .string(let text)):
      guard words.contains(text) else {
        throw Field.refusal(place, "is none of \(words.joined(separator: ", "))")
      }
    case (.named(let most), .object(let members)):
      for (name, member) in members.sorted(by: { $0.key < $1.key }) {
        guard member.text?.utf8.count ?? 0 <= most else {
          throw Field.refusal("\(place)/\(name)", "has more than \(most) bytes")
        }
      }
    case (.integer, .integer), (.number, .integer), (.number, .decimal), (.flag, .bool), (.open, _): break
    case (.object(let fields), .object): return try fields.write(value, at: place)
    case (.list(let kind), .array(let elements)):
      var list: [JSONValue] = []
      for (index, element) in elements.enumerated() {
        list.append(try kind.write(element, at: "\(place)/\(index)"))
      }
      return .array(list)
    default: throw Field.refusal(place, "is not \(words)")
    }
    return value
  }

  private var words: String {
    switch self {
    case .text, .word, .id: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .flag: "true or false"
    case .object, .named, .open: "an object"
    case .list: "an array"
    }
  }
}

extension JSONValue {
  fileprivate mutating func set(_ value: JSONValue, at path: ArraySlice<String>) {
    guard let first = path.first else {
      self = value
      return
    }
    var members: [String: JSONValue] = if case .object(let members) = self { members } else { [:] }
    var inner = members[first] ?? .object([:])
    inner.set(value, at: path.dropFirst())
    members[first] = inner
    self = .object(members)
  }

  /// Whether it is an object without members.
  var isEmptyObject: Bool { self == .object([:]) }
}
