import ConnectorKit

/// The account behind the connection, as `GET /` tells it.
struct Account: Decodable {
  var account_id: String
  var account_name: String
  var email: String?
  var role: String?
  var pricing_plan_type: String?
  var account_timezone: String?
  var total_subscribers: Int64?

  /// The output of `account.read`.
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
      accountId: account.account_id, name: account.account_name, email: account.email, role: account.role,
      plan: account.pricing_plan_type, timezone: account.account_timezone,
      subscribers: account.total_subscribers)
  }
}
