internal import ConnectorModel

/// One authorized request to the Marketing API, and what its handler needs of it.
struct MailchimpCall {
  let now: SandboxInstant
  /// The host it came to, for links.
  let host: String
  let query: [NamedText]
  /// What the route's `{name}` segments stand for.
  let parameters: [String: String]
  /// Nil for an empty body.
  let body: JSONValue?
  var user = MailchimpUser.owner
  /// What a GET to the URL in the body was answered, where it was tried.
  var probeStatus: Int?

  func parameter(_ name: String) -> String { parameters[name] ?? "" }

  /// The first query item of that name; an empty value counts as none.
  func item(_ name: String) -> String? {
    query.first { $0.name == name }.map(\.value).flatMap { $0.isEmpty ? nil : $0 }
  }

  func flag(_ name: String) -> Bool { ["true", "True", "1"].contains(item(name)) }

  /// The body's known fields.
  ///
  /// - Throws: an `Invalid Resource` problem with every field that does not fit.
  func resource(_ schema: ObjectSchema, isPartial: Bool = false) throws(MailchimpProblem) -> [String:
    JSONValue]
  {
    var problems: [MailchimpProblem.FieldProblem] = []
    let known = schema.read(body ?? .null, isPartial: isPartial, into: &problems)
    guard problems.isEmpty else { throw .invalid(problems) }
    return known
  }

  /// A time among the query's items.
  func time(_ name: String) throws(MailchimpProblem) -> SandboxInstant? {
    guard let text = item(name) else { return nil }
    guard let time = SandboxInstant(iso8601: text) else {
      throw .invalid(name, "Please enter a valid ISO 8601 date and time.")
    }
    return time
  }

  /// What `since_NAME` and `before_NAME` let through.
  func window(_ name: String) throws(MailchimpProblem) -> TimeWindow {
    TimeWindow(since: try time("since_\(name)"), before: try time("before_\(name)"))
  }

  /// A query item that must be one of `choices`.
  func choice(_ name: String, _ choices: [String]) throws(MailchimpProblem) -> String? {
    guard let text = item(name) else { return nil }
    guard choices.contains(text) else {
      throw .invalid(name, "Value must be one of: \(choices.joined(separator: ", "))")
    }
    return text
  }

  /// The `count` items from `offset` on: 10 from 0 unless told, at most 1000.
  func page<Item>(of items: [Item]) throws(MailchimpProblem) -> ArraySlice<Item> {
    let count = try number("count", limit: 1000) ?? 10
    let offset = try number("offset", limit: Int.max) ?? 0
    return items.dropFirst(offset).prefix(count)
  }

  private func number(_ name: String, limit: Int) throws(MailchimpProblem) -> Int? {
    guard let text = item(name) else { return nil }
    guard let value = Int(text), (0...limit).contains(value) else {
      throw .invalid(
        name, limit == Int.max ? "Must be an integer from 0." : "Must be an integer from 0 to \(limit).")
    }
    return value
  }

  /// A URL of this API.
  func link(_ path: String) -> JSONValue { .string("https://\(host)/3.0\(path)") }

  /// A `_links` entry.
  func relation(_ rel: String, _ path: String, method: String = "GET", schema: String? = nil) -> JSONValue {
    var members: [String: JSONValue] = ["rel": .string(rel), "href": link(path), "method": .string(method)]
    if let schema {
      let definitions = "https://\(host)/schema/3.0/Definitions/\(schema)"
      members["targetSchema"] = .string(definitions + "/Response.json")
      // What is sent has a schema too.
      if method != "GET" { members["schema"] = .string(definitions + "/\(method).json") }
    }
    return .object(members)
  }
}

/// What a handler answers.
struct MailchimpAnswer {
  /// Nil for 204.
  var value: JSONValue?
  /// An instance with every field, against which `fields` is checked; the value itself unless given.
  var shape: JSONValue?
  /// The name in the `Link: …; rel="describedBy"` header.
  var schema = ""

  static let nothing = MailchimpAnswer(value: nil)

  static func body(_ value: JSONValue, shape: JSONValue? = nil, schema: String) -> MailchimpAnswer {
    MailchimpAnswer(value: value, shape: shape, schema: schema)
  }
}
