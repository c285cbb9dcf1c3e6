import ConnectorKit

/// One audience; "list" on the wire.
struct Audience: Decodable {
  struct Statistics: Decodable {
    var member_count: Int64?
    var unsubscribe_count: Int64?
  }

  struct Defaults: Decodable {
    var from_name: String?
    var from_email: String?
    var subject: String?
    var language: String?
  }

  var id: Identifier
  var name: String
  var double_optin: Bool?
  var stats: Statistics?
  var campaign_defaults: Defaults?

  /// The output of `audience.read`, and an element of that of `audience.list`.
  struct Output: Codable, Equatable {
    var id: Identifier
    var name: String
    var members: Int64
    var unsubscribed: Int64?
    var defaultFromName: String?
    var defaultFromEmail: String?
    var defaultSubject: String?
    var language: String?
    var doubleOptIn: Bool?
  }

  var output: Output {
    Output(
      id: id, name: name, members: stats?.member_count ?? 0, unsubscribed: stats?.unsubscribe_count,
      defaultFromName: campaign_defaults?.from_name, defaultFromEmail: campaign_defaults?.from_email,
      defaultSubject: campaign_defaults?.subject, language: campaign_defaults?.language,
      doubleOptIn: double_optin)
  }

  static func read(_ input: AudienceInput, _ context: OperationContext) async throws -> Output {
    let audience: Audience = try await API(context, subject: "/audience").get("/lists/\(input.audience)")
    return audience.output
  }
}

/// The input of `audience.read`.
struct AudienceInput: Decodable { var audience: Identifier }
