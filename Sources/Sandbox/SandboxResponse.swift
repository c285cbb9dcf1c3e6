package import ConnectorModel

/// What a simulator answers, before it becomes bytes on a connection.
package struct SandboxResponse: Sendable, Equatable {
  package var status: Int
  /// Without `Content-Length`, `Date` and `Connection`, which the wire adds.
  package var headers: [NamedText]
  package var body: [UInt8]

  package init(status: Int, headers: [NamedText] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A JSON answer.
  package static func json(
    _ value: JSONValue, status: Int = 200, contentType: String = "application/json; charset=utf-8",
    headers: [NamedText] = []
  ) -> SandboxResponse {
    SandboxResponse(
      status: status, headers: [NamedText("Content-Type", contentType)] + headers, body: value.bytes)
  }

  /// A refusal by the sandbox itself, not by the platform it plays.
  static func refusal(_ status: Int, _ sentence: String, headers: [NamedText] = []) -> SandboxResponse {
    .json(
      ["error": .string(sentence)], status: status, headers: [NamedText("X-Sandbox-Error", "1")] + headers)
  }

  /// The first header of that name, whatever its case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

extension JSONValue {
  /// The value as JSON with sorted keys.
  var bytes: [UInt8] {
    // A JSONValue holds nothing that JSON cannot, so encoding does not fail; an empty answer would show it.
    (try? StableJSON.encode(self)) ?? []
  }

  /// The value that `bytes` write, or nil where they are no JSON.
  static func parse(_ bytes: [UInt8]) -> JSONValue? {
    try? StableJSON.decode(JSONValue.self, from: bytes)
  }
}
