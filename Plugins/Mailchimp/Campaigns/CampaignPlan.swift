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
    var plain_text: String?
    var template: Template?
  }

  /// The body of `POST /campaigns`.
  struct Creation: Encodable {
    struct Recipients: Encodable { var list_id: Identifier }

    struct Settings: Encodable {
      var subject_line: String
      var preview_text: String?
      var title: String
      var from_name: String
      var reply_to: String
    }

    var type: String
    var recipients: Recipients
    var settings: Settings
  }

  /// - Throws: `OperationError` with code `invalidInput` for what no schema can see.
  init(_ input: CampaignInput) throws {
    audience = input.audience
    settings = Creation.Settings(
      subject_line: input.subject, preview_text: input.previewText, title: input.title ?? input.subject,
      from_name: input.fromName, reply_to: input.replyTo)
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
      type: content.html == nil && content.template == nil ? "plaintext" : "regular",
      recipients: Creation.Recipients(list_id: audience), settings: marked)
  }

  private static func content(of input: CampaignInput) throws -> Content {
    if input.sections != nil, input.templateId == nil {
      throw OperationError(.invalidInput, "sections belong to a templateId", pointer: "/sections")
    }
    switch (input.html, input.plainText, input.templateId) {
    case (nil, nil, let id?): return Content(template: Content.Template(id: id, sections: input.sections))
    case (let html?, let text, nil): return Content(html: html, plain_text: text)
    case (nil, let text?, nil): return Content(plain_text: text)
    default:
      throw OperationError(
        .invalidInput, "give either html, plainText or both, or a templateId", pointer: "/html")
    }
  }
}
