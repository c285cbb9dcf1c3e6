import ConnectorKit

/// An action that is one request: a template, the fields it sends and those it answers with.
struct ResourceAction: Sendable {
  enum Result: Sendable {
    case item([Field])
    /// A page of items under the wire's name and the connector's.
    case page([Field], wire: String, name: String)
    /// The answer is 204 and says nothing.
    case nothing
    /// As `nothing`; what is not there is gone already.
    case absence
  }

  let name: String
  let method: String
  let path: ResourcePath
  var query: [Field] = []
  var body: [Field] = []
  let result: Result
  /// How to tell what an earlier attempt made.
  var existing: Existing?
  /// Rearranges an input before it is read.
  var prepare: @Sendable (JSONValue) throws -> JSONValue = { $0 }

  var operation: Operation { Action(name) { input, context in try await run(input, context) } }

  func run(_ given: JSONValue, _ context: OperationContext) async throws -> JSONValue {
    let input = try prepare(given)
    let target = try path.fill(input)
    let api = API(context, subject: path.names.last.map { "/\($0)" } ?? "")
    var query = Query()
    query.add(try self.query.write(input), in: self.query)
    switch result {
    case .page(let fields, let wire, let name):
      let list = Collection(api: api, url: target + query.text, name: wire)
      return try await Self.page(of: list, input, fields, name)
    case .item(let fields):
      let body = try writtenBody(input)
      if let existing, context.mustReconcile, let found = try await existing.find(target, body, api) {
        return try fields.read(found).adding("reconciled", true)
      }
      let answer = try await api.send(method, target + query.text, body)
      let item = try Self.read(answer, fields, isCreation: method == "POST", "\(method) \(target)")
      return existing == nil ? item : item.adding("reconciled", false)
    case .nothing:
      try await order(target + query.text, input, api)
      return ["done": true]
    case .absence:
      let wasFound = try await api.gone(target) {
        if method == "POST" { return try await order(target, input, api) }
        _ = try await api.send(method, target, nil)
      }
      return ["deleted": true, "found": .bool(wasFound)]
    }
  }

  private func order(_ url: String, _ input: JSONValue, _ api: API) async throws {
    try await api.order(url, body: try writtenBody(input).map { .json(try StableJSON.encode($0)) })
  }

  /// Nil for requests that carry none.
  private func writtenBody(_ input: JSONValue) throws -> JSONValue? {
    guard !body.isEmpty else { return nil }
    let written = try body.write(input)
    guard method != "PATCH" || !written.isEmptyObject else {
      throw OperationError(.invalidInput, "the input names nothing to change")
    }
    return written
  }

  /// - Parameter isCreation: then an answer that cannot be read leaves open what was made.
  private static func read(
    _ answer: HTTPResponse, _ fields: [Field], isCreation: Bool, _ request: String
  ) throws -> JSONValue {
    do {
      return try fields.read(try answer.json())
    } catch let error as OperationError where isCreation {
      throw OperationError(
        .unknownOutcome, "\(request): \(error.message)", retry: .unknownOutcome, httpStatus: answer.status)
    }
  }

  private static func page(
    of list: Collection, _ input: JSONValue, _ fields: [Field], _ name: String
  ) async throws -> JSONValue {
    let offset = try number(input, "offset", 0...10_000_000) ?? 0
    let count = try number(input, "count", 1...Collection.largestPage) ?? 100
    let page = try await list.page(offset: offset, count: count)
    var output: JSONValue = [
      name: .array(try page.items.map { try fields.read($0) }), "total": .integer(Int64(page.total)),
    ]
    let end = offset + page.items.count
    if !page.items.isEmpty, end < page.total { output = output.adding("next", .integer(Int64(end))) }
    return output
  }

  private static func number(
    _ input: JSONValue, _ name: String, _ range: ClosedRange<Int>
  ) throws(OperationError) -> Int? {
    guard let value = input[name] else { return nil }
    guard case .integer(let number) = value, range.contains(Int(number)) else {
      throw Field.refusal("/\(name)", "is not between \(range.lowerBound) and \(range.upperBound)")
    }
    return Int(number)
  }
}

extension JSONValue {
  /// The object with one more member.
  func adding(_ name: String, _ value: JSONValue) -> JSONValue {
    guard case .object(var members) = self else { return self }
    members[name] = value
    return .object(members)
  }
}
