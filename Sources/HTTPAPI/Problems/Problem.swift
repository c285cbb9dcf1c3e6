internal import ConnectorModel
internal import Ports

/// Why a request was not answered as asked, in the form of RFC 9457.
///
/// The one error of this module's routes; ``ServiceError`` becomes one in `Problem+ServiceError.swift`.
struct Problem: Error, Sendable, Equatable {
  static let mediaType = "application/problem+json"

  var code: Code
  /// One sentence: what, where, what to do; no secret.
  var detail: String
  /// A JSON pointer into the request's body.
  var pointer: String?
  /// Header lines beside the usual ones: `Allow`, `Retry-After`, `WWW-Authenticate`.
  var headers: [HeaderLine]
  /// What the sender still has in the pipe is not read: the connection ends with this answer.
  var closesConnection: Bool

  init(
    _ code: Code, _ detail: String, pointer: String? = nil, headers: [HeaderLine] = [],
    closesConnection: Bool = false
  ) {
    self.code = code
    self.detail = detail
    self.pointer = pointer
    self.headers = headers
    self.closesConnection = closesConnection
  }

  var answer: Answer {
    var members: [String: JSONValue] = [
      "type": .string("urn:patchbay:problem:\(code.rawValue)"), "title": .string(code.title),
      "status": .integer(Int64(code.status)), "code": .string(code.rawValue), "detail": .string(detail),
    ]
    if let pointer { members["pointer"] = .string(pointer) }
    var answer = Answer.json(.object(members), status: code.status)
    answer.mediaType = Self.mediaType
    answer.headers = headers
    answer.closesConnection = closesConnection
    return answer
  }

  static let schema = Schema.object([
    ("type", .text.described("A URN made of the code.")), ("title", .text), ("status", .integer()),
    ("code", .choice(of: Code.allCases.map(\.rawValue)).described("Stable; for programs.")),
    ("detail", .text.described("One sentence: what, where, what to do.")),
  ]).with(optional: "pointer", .text.described("A JSON pointer into the request's body.")).named("Problem")
}

/// One line of a head.
struct HeaderLine: Sendable, Equatable {
  var name: String
  var value: String

  init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
