/// Who a request comes from: one login of the account, with its role and under which plan it sees the account.
///
/// The key says it, so that a test chooses a plan or a role by choosing a key.
struct MailchimpUser: Sendable, Equatable {
  let id: String
  var role = "owner"
  /// `pricing_plan_type`.
  var plan = "monthly"
  var isDisabled = false

  static let owner = MailchimpUser(id: MailchimpAccount.userID)

  /// The keys the API takes, with who they stand for.
  static let keys: [String: MailchimpUser] = [
    "sandbox-us19": .owner,
    "sandboxfree-us19": MailchimpUser(id: "198004218", plan: "forever_free"),
    "sandboxviewer-us19": MailchimpUser(id: "198004219", role: "viewer"),
    "sandboxdisabled-us19": MailchimpUser(id: "198004220", isDisabled: true),
  ]

  var isFree: Bool { plan == "forever_free" }

  /// - Throws: 403 for a disabled user, and for a change by somebody who may only look.
  func check(_ route: MailchimpRoute) throws(MailchimpProblem) {
    guard !isDisabled else { throw .userDisabled }
    guard role != "viewer" || route.method == "GET" else { throw .forbidden }
  }

  /// - Throws: 403 under the free plan.
  func requirePaidPlan(for what: String) throws(MailchimpProblem) {
    guard !isFree else {
      throw MailchimpProblem(
        status: 403, title: "Authorization Failure", detail: "Your plan does not include \(what).")
    }
  }
}
