/// A header field, a query item or a form field: a name and a text.
package struct NamedText: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// One complete request to a platform's host, as a value.
package struct SandboxRequest: Sendable, Equatable {
  package var method: String
  /// The platform's host in lower case, without a port.
  package var host: String
  /// As it was sent, percent-encoded; starts with `/`.
  package var path: String
  /// What stands after `?`, as it was sent.
  package var queryText: String
  package var headers: [NamedText]
  package var body: [UInt8]

  package init(
    method: String, host: String, path: String, queryText: String = "", headers: [NamedText] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.host = host
    self.path = path
    self.queryText = queryText
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, whatever its case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The query's items, decoded, in order.
  var query: [NamedText] { FormText.decode(queryText) }

  /// The path's segments, decoded; empty ones are left out.
  var segments: [String] {
    path.split(separator: "/").map { FormText.percentDecoded($0, plusIsSpace: false) }
  }
}
