import ConnectorKit

/// What an input asks for, decided before anything is sent.
struct CampaignPlan {
  let settings: Creation.Settings
  let audience: Identifier
  let content: Content
  let departure: Departure

  /// How the campaign leaves.
  enum Departure: Equatable {
    /// It stays.
    case draft
    case now
    case at(ScheduleTime)
  }

  /// The body of `PUT /campaigns/{id}/content`.
  struct Content: Encodable, Equatable {
    struct Template: Encodable, Equatable {
      var id: Int64
      var sections: [String: String]?
    }

    var html: String?
    var plainText: String?
    var template: Template?

    enum CodingKeys: String, CodingKey {
      case html, template
      case plainText = "plain_text"
    }
  }

  /// The body of `POST /campaigns`.
  struct Creation: Encodable {
    struct Recipients: Encodable {
      var audience: Identifier
      enum CodingKeys: String, CodingKey { case audience = "list_id" }
    }

    struct Settings: Encodable {
      var subject: String
      var previewText: String?
      var title: String
      var fromName: String
      var replyTo: String

      enum CodingKeys: String, CodingKey {
        case subject = "subject_line"
        case previewText = "preview_text"
        case title
        case fromName = "from_name"
        case replyTo = "reply_to"
      }
    }

    var type: String
    var recipients: Recipients
    var settings: Settings
  }

  /// - Throws: `OperationError` with code `invalidInput` for what no schema can see.
  init(_ input: CampaignInput) throws {
    audience = input.audience
    settings = Creation.Settings(
      subject: input.subject, previewText: input.previewText, title: input.title ?? input.subject,
      fromName: input.fromName, replyTo: input.replyTo)
    content = try Self.content(of: input)
    switch (input.send ?? .now, input.scheduleAt) {
    case (.draft, nil): departure = .draft
    case (.now, nil): departure = .now
    case (.now, let time?): departure = .at(try ScheduleTime(time))
    case (.draft, _?):
      throw OperationError(
        .invalidInput, "a draft is not scheduled; leave out scheduleAt or send", pointer: "/scheduleAt")
    }
  }

  /// The request that makes the campaign, with the marker in its title.
  func creation(_ marker: CampaignMarker) -> Creation {
    var marked = settings
    marked.title = marker.title(settings.title)
    return Creation(
      type: content.plainText == nil ? "regular" : "plaintext",
      recipients: Creation.Recipients(audience: audience), settings: marked)
  }

  private static func content(of input: CampaignInput) throws -> Content {
    if input.sections != nil, input.templateId == nil {
      throw OperationError(.invalidInput, "sections belong to a templateId", pointer: "/sections")
    }
    switch (input.html, input.plainText, input.templateId) {
    case (let html?, nil, nil): return Content(html: html)
    case (nil, let text?, nil): return Content(plainText: text)
    case (nil, nil, let id?): return Content(template: Content.Template(id: id, sections: input.sections))
    default:
      throw OperationError(
        .invalidInput, "give exactly one of html, plainText and templateId", pointer: "/html")
    }
  }
}
