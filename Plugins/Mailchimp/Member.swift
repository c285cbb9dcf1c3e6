import ConnectorKit

/// The input of `member.upsert`.
struct MemberInput: Decodable {
  enum Status: String, Codable { case subscribed, unsubscribed, pending, cleaned, transactional }

  var audience: Identifier
  var email: String
  /// What the member becomes, new or not.
  var status: Status?
  /// What the member becomes when new; `status` when not given.
  var statusIfNew: Status?
  var mergeFields: [String: JSONValue]?
  /// Set only on members that are new; Mailchimp changes no tags here.
  var tags: [String]?
  var language: String?
  var vip: Bool?
}

/// A member of an audience.
struct Member: Decodable {
  var id: String
  var email_address: String
  var status: String

  struct Body: Encodable {
    var email_address: String
    var status: MemberInput.Status?
    var status_if_new: MemberInput.Status?
    var merge_fields: [String: JSONValue]?
    var tags: [String]?
    var language: String?
    var vip: Bool?
  }

  /// The output of `member.upsert`.
  struct Output: Codable, Equatable {
    var memberId: String
    var email: String
    var status: String
  }

  /// Adds or changes a member; the same request again changes nothing, so the host may repeat it.
  static func upsert(_ input: MemberInput, _ context: OperationContext) async throws -> Output {
    let hash = MD5.hexadecimal(input.email.lowercased())
    let member: Member = try await API(context, subject: "/audience").put(
      "/lists/\(input.audience)/members/\(hash)",
      Body(
        email_address: input.email, status: input.status, status_if_new: input.statusIfNew ?? input.status,
        merge_fields: input.mergeFields, tags: input.tags, language: input.language, vip: input.vip)
    ).json()
    return Output(memberId: member.id, email: member.email_address, status: member.status)
  }
}
