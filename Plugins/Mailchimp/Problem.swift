import ConnectorKit

/// What an error answer of Mailchimp's says, as far as it is a problem document (`application/problem+json`).
///
/// Its `type` is not looked at: it has been a URL and is now a relative path.
struct Problem: Decodable, Equatable {
  struct Field: Decodable, Equatable {
    var field: String?
    var message: String?
  }

  var title: String?
  var detail: String?
  var errors: [Field]?

  /// An answer without a problem document, such as a bare 429 or a CDN's HTML, is an empty problem.
  init(_ body: Payload) {
    guard let bytes = body.inlineBytes, let problem = try? StableJSON.decode(Problem.self, from: bytes) else {
      return
    }
    self = problem
  }

  /// One line for developers: title, detail and fields, with e-mail addresses left out.
  var summary: String {
    let fields = (errors ?? []).prefix(5).map {
      "\($0.field ?? "")\($0.field == nil ? "" : ": ")\($0.message ?? "")"
    }
    let parts = [title, detail].compactMap { $0 } + fields
    return parts.map { $0.prefix(300).withoutAddresses }.filter { !$0.isEmpty }.joined(separator: " · ")
  }

  /// What the title says beyond the status; nil where the status says it all.
  ///
  /// The manifest says the same of whole answers; results inside a batch pass no manifest.
  var meaning: OutcomeCode? { title.flatMap { Self.meanings[$0] } }

  private static let meanings: [String: OutcomeCode] = [
    "Member Exists": .conflict, "Invalid Action": .invalidState, "User Disabled": .unauthenticated,
    "Wrong Datacenter": .unauthenticated, "Forgotten Email Not Subscribed": .policy,
    "Member In Compliance State": .policy, "Compliance Related": .policy,
  ]

  /// Where in the action's input the first rejected field came from; empty when it came from nowhere.
  var pointer: String {
    errors?.lazy.compactMap { $0.field.flatMap { Self.origins[$0] } }.first ?? ""
  }

  private static let origins = [
    "recipients.list_id": "/audience",
    "settings.subject_line": "/subject",
    "settings.preview_text": "/previewText",
    "settings.title": "/title",
    "settings.from_name": "/fromName",
    "settings.reply_to": "/replyTo",
    "template.id": "/templateId",
    "html": "/html",
    "plain_text": "/plainText",
    "schedule_time": "/scheduleAt",
    "email_address": "/email",
    "status": "/status",
    "status_if_new": "/statusIfNew",
    "merge_fields": "/mergeFields",
    "language": "/language",
    "tags": "/tags",
    "tag": "/tag",
    "name": "/name",
    "url": "/url",
    "note": "/text",
    "file_data": "/file",
    "folder_id": "/folderId",
    "test_emails": "/emails",
    "settings.folder_id": "/folderId",
    "settings.template_id": "/templateId",
    "rss_opts": "/rss",
    "variate_settings": "/variate",
    "variate_contents": "/contents",
  ]
}

extension Substring {
  fileprivate var withoutAddresses: String {
    split(separator: " ").map { $0.contains("@") ? "(address)" : String($0) }.joined(separator: " ")
  }
}
