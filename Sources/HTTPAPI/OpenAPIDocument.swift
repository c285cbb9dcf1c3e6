internal import ConnectorModel
internal import Ports

/// The description of the API, OpenAPI 3.1, made of the same routes that answer.
struct OpenAPIDocument {
  let json: JSONValue

  init(_ routes: [Route]) {
    var paths: [String: JSONValue] = [:]
    var components = Problem.schema.components
    for route in routes {
      var operations: [String: JSONValue] = [:]
      if case .object(let known) = paths[route.template] { operations = known }
      operations[route.method.rawValue.lowercased()] = Self.operation(route)
      paths[route.template] = .object(operations)
      for schema in route.successes.map(\.schema) + [route.body].compactMap(\.self) {
        components.merge(schema.components) { _, new in new }
      }
    }
    json = [
      "openapi": "3.1.0",
      "info": [
        "title": "Patchbay", "version": "1",
        "summary": "Publishes to platforms through connectors.",
        "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
      ],
      "servers": [["url": "/"]],
      "paths": .object(paths),
      "components": [
        "schemas": .object(components),
        "securitySchemes": [
          "bearer": ["type": "http", "scheme": "bearer", "description": "An API key: pb_…"],
          "header": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
        ],
      ],
    ]
  }

  private static func operation(_ route: Route) -> JSONValue {
    var members: [String: JSONValue] = [
      "operationId": .string(route.operationID), "summary": .string(route.summary),
      "security": security(route.access), "responses": .object(responses(route)),
      "parameters": .array(parameters(route)),
    ]
    if case .key(let scope) = route.access {
      members["description"] = .string("Needs a key with the scope `\(scope.rawValue)`.")
    }
    if let body = route.body {
      members["requestBody"] = [
        "required": true, "content": [Answer.jsonMediaType: ["schema": body.json]],
      ]
    }
    if route.takesFile {
      members["requestBody"] = [
        "required": true,
        "content": [
          "application/octet-stream": ["schema": ["type": "string", "format": "binary"]]
        ],
      ]
    }
    return .object(members)
  }

  private static func security(_ access: Route.Access) -> JSONValue {
    switch access {
    case .everybody: []
    // An empty alternative: no key at all is one of them.
    case .everybodyOnLoopback: [[:], ["bearer": []], ["header": []]]
    case .key: [["bearer": []], ["header": []]]
    }
  }

  private static func parameters(_ route: Route) -> [JSONValue] {
    route.parameters.map { name in
      ["name": .string(name), "in": "path", "required": true, "schema": TextForm.id.schema.json]
    }
      + route.query.map { parameter in
        [
          "name": .string(parameter.name), "in": "query", "description": .string(parameter.words),
          "schema": parameter.form.schema.json,
        ]
      }
  }

  private static func responses(_ route: Route) -> [String: JSONValue] {
    var responses: [String: JSONValue] = [:]
    let problems = Dictionary(grouping: route.documentedProblems, by: \.status)
    for (status, codes) in problems {
      let words = codes.map { "`\($0.rawValue)`: \($0.title)." }.joined(separator: " ")
      responses["\(status)"] = response(words, [Problem.mediaType: ["schema": Problem.schema.json]])
    }
    for success in route.successes {
      var content: [String: JSONValue] = [:]
      var words = success.words
      // A status may stand for an answer and for a problem: `/ready` says 503.
      if let known = responses["\(success.status)"] {
        if case .object(let shapes) = known["content"] { content = shapes }
        words += " " + (known["description"]?.text ?? "")
      }
      if let mediaType = success.mediaType { content[mediaType] = ["schema": success.schema.json] }
      responses["\(success.status)"] = response(words, content)
    }
    return responses
  }

  private static func response(_ words: String, _ content: [String: JSONValue]) -> JSONValue {
    let headers: JSONValue = [
      "X-Request-Id": ["description": "Names this exchange in the host's log.", "schema": ["type": "string"]]
    ]
    if content.isEmpty { return ["description": .string(words), "headers": headers] }
    return ["description": .string(words), "headers": headers, "content": .object(content)]
  }
}
