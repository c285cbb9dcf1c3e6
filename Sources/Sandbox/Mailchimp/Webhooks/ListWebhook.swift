internal import ConnectorModel

/// A webhook of one audience.
struct ListWebhook: Sendable {
  let id: String
  var url: LoopbackURL
  var events: [String: JSONValue]
  var sources: [String: JSONValue]
  /// Shown once, in the answer to its creation.
  let secret: String
  /// Set when its URL answered 410: it stays listed and gets nothing more.
  var isDisabled = false

  static let eventNames = ["subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"]
  static let sourceNames = ["user", "admin", "api"]
  static let schema = ObjectSchema(
    [
      "url": .string, "events": .object(flags(eventNames)), "sources": .object(flags(sourceNames)),
    ], required: ["url"])

  private static func flags(_ names: [String]) -> ObjectSchema {
    ObjectSchema(Dictionary(names.map { ($0, .boolean) }) { first, _ in first })
  }

  /// What is off unless it is asked for.
  static func flags(_ names: [String], _ given: JSONValue?) -> [String: JSONValue] {
    Dictionary(names.map { ($0, given?[$0] ?? false) }) { first, _ in first }
  }

  func wants(_ event: String, from source: String) -> Bool {
    !isDisabled && events[event] == true && sources[source] == true
  }

  /// - Parameter isNew: whether this is the one time that the secret is shown.
  func body(_ call: MailchimpCall, listID: String, isNew: Bool = false) -> JSONValue {
    [
      "id": .string(id), "url": .string(url.text), "events": .object(events), "sources": .object(sources),
      "signing_enabled": true, "signing_secret": .string(isNew ? secret : ""), "list_id": .string(listID),
      "_links": call.itemLinks("/lists/\(listID)/webhooks/\(id)", schema: "Lists/Webhooks"),
    ]
  }

  /// The value of `X-Mailchimp-Signature` over a raw body.
  ///
  /// - Parameter time: of the signature; receivers take it for five minutes.
  static func signature(of body: [UInt8], secret: String, at time: SandboxInstant) -> String {
    let message = Array("\(time.seconds).".utf8) + body
    return "t=\(time.seconds),v1=\(Digest.hexadecimal(Digest.hmacSHA256(message, key: Array(secret.utf8))))"
  }
}
