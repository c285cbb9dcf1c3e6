import ConnectorKit

/// One audience; "list" on the wire.
struct Audience: Decodable {
  struct Statistics: Decodable {
    var members: Int64?
    enum CodingKeys: String, CodingKey { case members = "member_count" }
  }

  struct Defaults: Decodable {
    var fromName: String?
    var fromEmail: String?
    var language: String?
    enum CodingKeys: String, CodingKey {
      case fromName = "from_name"
      case fromEmail = "from_email"
      case language
    }
  }

  var id: Identifier
  var name: String
  var webID: Int64?
  var doubleOptIn: Bool?
  var statistics: Statistics?
  var defaults: Defaults?

  enum CodingKeys: String, CodingKey {
    case id, name
    case webID = "web_id"
    case doubleOptIn = "double_optin"
    case statistics = "stats"
    case defaults = "campaign_defaults"
  }

  struct Output: Codable, Equatable {
    var id: Identifier
    var name: String
    var members: Int64
    var webId: Int64?
    var doubleOptIn: Bool?
    var fromName: String?
    var fromEmail: String?
    var language: String?
  }

  var output: Output {
    Output(
      id: id, name: name, members: statistics?.members ?? 0, webId: webID, doubleOptIn: doubleOptIn,
      fromName: defaults?.fromName, fromEmail: defaults?.fromEmail, language: defaults?.language)
  }

  static func read(_ input: AudienceInput, _ context: OperationContext) async throws -> Output {
    let audience: Audience = try await API(context, subject: "/audience").get("/lists/\(input.audience)")
    return audience.output
  }
}

/// The input of `audience.read`.
struct AudienceInput: Decodable { var audience: Identifier }
