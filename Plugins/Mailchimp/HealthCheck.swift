import ConnectorKit

/// `GET /ping`: whether the key is accepted, without touching the account.
enum Ping {
  struct Answer: Decodable { var health_status: String }

  struct Output: Codable, Equatable { var status: String }

  static func read(_ context: OperationContext) async throws -> Output {
    let answer: Answer = try await API(context).get("/ping")
    return Output(status: answer.health_status)
  }
}

/// Whether the platform answers, and whether the user behind the connection may send.
enum HealthCheck {
  /// Roles that see campaigns or write them, but may not send them.
  private static let rolesThatMayNotSend: Set = ["author", "viewer"]

  static func run(_ context: OperationContext) async throws -> HealthReport {
    async let ping = check("ping") {
      _ = try await Ping.read(context)
      return HealthReport.Check("ping", .ok)
    }
    async let account = check("account") {
      let role = try await Account.fetch(context).role ?? ""
      guard rolesThatMayNotSend.contains(role.lowercased()) else { return .init("account", .ok) }
      return .init(
        "account", .degraded,
        message:
          "The Mailchimp user has the role \(role), which may not send campaigns; ask for the Manager role.")
    }
    return HealthReport([try await ping, try await account])
  }

  /// An error is what a check finds, not a failure of the check; only cancellation passes.
  private static func check(
    _ name: String, _ look: @Sendable () async throws -> HealthReport.Check
  ) async throws -> HealthReport.Check {
    do {
      return try await look()
    } catch let error as OperationError {
      return HealthReport.Check(
        name, error.code == .rateLimited ? .degraded : .failing,
        message: error.userMessage.isEmpty ? error.message : error.userMessage)
    }
  }
}
