internal import ConnectorModel

/// An error answer of the Marketing API: RFC 7807 as Mailchimp fills it in.
struct MailchimpProblem: Error, Equatable {
  var status: Int
  var title: String
  var detail: String
  /// What is wrong with which field; only validation has it.
  var errors: [FieldProblem] = []
  /// For 405: the methods the resource has.
  var allow: String?

  /// One entry of `errors`; an empty field means the resource as a whole.
  struct FieldProblem: Equatable, Sendable {
    var field: String
    var message: String
  }

  static let invalidResource = "Invalid Resource"

  static func invalid(_ errors: [FieldProblem]) -> MailchimpProblem {
    MailchimpProblem(
      status: 400, title: invalidResource,
      detail:
        "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
      errors: errors)
  }

  static func invalid(_ field: String, _ message: String) -> MailchimpProblem {
    invalid([FieldProblem(field: field, message: message)])
  }

  static func invalidAction(_ detail: String) -> MailchimpProblem {
    MailchimpProblem(status: 400, title: "Invalid Action", detail: detail)
  }

  static func badRequest(_ detail: String, errors: [FieldProblem] = []) -> MailchimpProblem {
    MailchimpProblem(status: 400, title: "Bad Request", detail: detail, errors: errors)
  }

  static func notAllowed(_ detail: String, allow: String? = nil) -> MailchimpProblem {
    MailchimpProblem(status: 405, title: "Method Not Allowed", detail: detail, allow: allow)
  }

  static let brokenJSON = MailchimpProblem(
    status: 400, title: "JSON Parse Exception", detail: "We encountered an unspecified JSON parsing error.")
  static let keyMissing = MailchimpProblem(
    status: 401, title: "API Key Missing", detail: "Your request did not include an API key.")
  static let keyInvalid = MailchimpProblem(
    status: 401, title: "API Key Invalid",
    detail: "Your API key may be invalid, or you've attempted to access the wrong datacenter.")
  static let notFound = MailchimpProblem(
    status: 404, title: "Resource Not Found", detail: "The requested resource could not be found.")
  static let methodOverride = MailchimpProblem(
    status: 422, title: "Invalid Method Override",
    detail: "The X-HTTP-Method-Override request header can only be used with the POST method.")
  static let forbidden = MailchimpProblem(
    status: 403, title: "Forbidden", detail: "You are not permitted to access this resource.")
  static let userDisabled = MailchimpProblem(
    status: 403, title: "User Disabled", detail: "This account has been disabled.")
  /// - Parameter parameter: `fields` or `exclude_fields`.
  static func invalidFields(_ names: [String], in parameter: String) -> MailchimpProblem {
    MailchimpProblem(
      status: 422, title: "Requested Fields Invalid",
      detail: "The fields requested from this resource are invalid.",
      errors: names.map {
        FieldProblem(field: parameter, message: "\"\($0)\" is not a field of this resource.")
      })
  }
  static let tooManyRequests = MailchimpProblem(
    status: 429, title: "Too Many Requests",
    detail: "You have exceeded the limit of \(Mailchimp.simultaneousRequests) simultaneous connections.")

  /// What `X-Trigger-Error` may name; the real API answers the named error whatever the request.
  static let triggered: [String: MailchimpProblem] = [
    "BadRequest": .badRequest("Your request could not be processed."),
    "InvalidAction": .invalidAction("The action requested was not valid for this resource."),
    "InvalidResource": .invalid([]),
    "JSONParseException": .brokenJSON,
    "APIKeyMissing": .keyMissing,
    "APIKeyInvalid": .keyInvalid,
    "Forbidden": .forbidden,
    "UserDisabled": .userDisabled,
    "WrongDatacenter": MailchimpProblem(
      status: 403, title: "Wrong Datacenter",
      detail: "The API key provided is linked to a different datacenter."),
    "ResourceNotFound": .notFound,
    "MethodNotAllowed": .notAllowed("The requested method and resource are not compatible."),
    "ResourceNestingTooDeep": MailchimpProblem(
      status: 414, title: "Resource Nesting Too Deep",
      detail: "The sub-resource requested is nested too deeply."),
    "InvalidMethodOverride": .methodOverride,
    "RequestedFieldsInvalid": .invalidFields([], in: "fields"),
    "TooManyRequests": .tooManyRequests,
    "InternalServerError": MailchimpProblem(
      status: 500, title: "InternalServerError", detail: "An unexpected internal error has occurred."),
    "ComplianceRelated": MailchimpProblem(
      status: 503, title: "Compliance Related", detail: "This method has been disabled."),
  ]

  /// The body; `instance` is the identifier that Mailchimp's support asks for.
  func body(instance: String) -> JSONValue {
    var members: [String: JSONValue] = [
      "type": "https://mailchimp.com/developer/marketing/docs/errors/", "title": .string(title),
      "status": .number(status), "detail": .string(detail), "instance": .string(instance),
    ]
    if !errors.isEmpty {
      members["errors"] = .array(errors.map { ["field": .string($0.field), "message": .string($0.message)] })
    }
    return .object(members)
  }
}
