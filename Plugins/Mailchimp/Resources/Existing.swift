import ConnectorKit
import FoundationEssentials

/// How to tell what an earlier attempt made, where its outcome is unknown: by something only it can have.
struct Existing: Sendable {
  /// How much older than its order a thing may seem: clocks differ.
  private static let clockSkew = 3600.0

  /// The member that lists the resource's neighbours.
  let wire: String
  /// Members that are as they were sent.
  let keys: [String]
  /// Where keys are not unique: the member that tells when it was made.
  var created: String?

  /// - Returns: nil when there is proof that it was not made.
  func find(_ path: String, _ body: JSONValue?, _ api: API) async throws -> JSONValue? {
    guard let body else { return nil }
    let since = created == nil ? nil : api.context.orderedAt?.addingTimeInterval(-Self.clockSkew)
    return try await Collection(api: api, url: path, name: wire).first { item in
      guard keys.allSatisfy({ item[$0] == body[$0] }) else { return false }
      guard let created, let since else { return true }
      guard let time = item[created]?.text.flatMap(MailchimpTime.parse) else { return false }
      return time >= since
    }
  }
}
