import ConnectorKit

/// The account behind the connection: `GET /`.
struct Account: Decodable {
  var accountID: String
  var name: String
  var email: String?
  var role: String?
  var plan: String?
  var timezone: String?
  var subscribers: Int64?

  enum CodingKeys: String, CodingKey {
    case accountID = "account_id"
    case name = "account_name"
    case email, role
    case plan = "pricing_plan_type"
    case timezone = "account_timezone"
    case subscribers = "total_subscribers"
  }

  struct Output: Codable, Equatable {
    var accountId: String
    var name: String
    var email: String?
    var role: String?
    var plan: String?
    var timezone: String?
    var subscribers: Int64?
  }

  static func fetch(_ context: OperationContext) async throws -> Account { try await API(context).get("/") }

  static func read(_ context: OperationContext) async throws -> Output {
    let account = try await fetch(context)
    return Output(
      accountId: account.accountID, name: account.name, email: account.email, role: account.role,
      plan: account.plan, timezone: account.timezone, subscribers: account.subscribers)
  }
}
