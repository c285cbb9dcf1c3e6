import ConnectorKit

extension [Field] {
  /// An object of Mailchimp's in the connector's words, without what is empty.
  ///
  /// - Throws: `OperationError` with code `upstream` when it is no such object.
  func read(_ value: JSONValue, at place: String = "") throws(OperationError) -> JSONValue {
    guard case .object = value else { throw Self.surprise(place, "is not an object") }
    var members: [String: JSONValue] = [:]
    for field in self {
      let found = field.path.reduce(value as JSONValue?) { $0?[$1] } ?? .null
      let place = "\(place)/\(field.path.joined(separator: "/"))"
      if found == .null || found == "" || found.isEmptyObject {
        if field.isRequired { throw Self.surprise(place, "is missing") }
        continue
      }
      let value = try Self.read(found, as: field.kind, at: place)
      if field.isRequired || !value.isEmptyObject { members[field.name] = value }
    }
    return .object(members)
  }

  private static func read(
    _ value: JSONValue, as kind: Field.Kind, at place: String
  ) throws(OperationError) -> JSONValue {
    switch (kind, value) {
    case (.text, .string), (.id, .string), (.word, .string), (.integer, .integer), (.number, .integer),
      (.number, .decimal),
      (.flag, .bool), (.named, .object), (.open, _):
      return value
    // Ids are numbers in one answer and texts in another.
    case (.text, .integer(let number)), (.id, .integer(let number)): return .string(String(number))
    case (.integer, .string(let text)):
      if let number = Int64(text) { return .integer(number) }
    // What has no entries is written by PHP as [] where an object is meant.
    case (.object, .array([])), (.named, .array([])): return .object([:])
    case (.object(let fields), .object): return try fields.read(value, at: place)
    case (.list(let kind), .array(let elements)):
      var list: [JSONValue] = []
      for (index, element) in elements.enumerated() {
        list.append(try read(element, as: kind, at: "\(place)/\(index)"))
      }
      return .array(list)
    default: break
    }
    throw surprise(place, "is of another kind than it should be")
  }

  private static func surprise(_ place: String, _ problem: String) -> OperationError {
    OperationError(.upstream, "the platform's answer \(place.isEmpty ? "" : "at \(place) ")\(problem)")
  }
}
