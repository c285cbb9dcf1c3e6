import ConnectorKit

/// What the connector is called and what it can do.
///
/// It does no I/O: an operation awaits `context.http`, and the host performs the exchange.
enum StarterPlatform: Connector {
  static let id = "starter"
  static let version = "1.0.0"

  static var operations: [Operation] {
    Action("note.read") { (input: NoteInput, context) in try await Note.read(input, context) }
    Action("note.publish") { (input: NewNote, context) in try await input.publish(context) }
    Health { context in
      // What went wrong is what the check found.
      let isFine = (try? await context.http(.api("GET", "/account"))) != nil
      return HealthReport([.init("account", isFine ? .ok : .failing)])
    }
  }
}

extension HTTPRequest {
  /// A request to the one endpoint of the manifest, as the account.
  static func api(_ method: String, _ url: String, _ body: Payload? = nil) -> HTTPRequest {
    HTTPRequest(method: method, url: url, endpoint: "api", auth: "default", body: body)
  }
}
