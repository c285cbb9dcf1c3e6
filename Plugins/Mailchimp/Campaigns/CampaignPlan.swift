import ConnectorKit

/// What an input asks for, decided before anything is sent.
struct CampaignPlan {
  /// The body of `POST /campaigns`, but for the marker.
  private let creation: JSONValue
  private let title: String
  /// The body of `PUT /campaigns/{id}/content`.
  let content: JSONValue
  let departure: Departure

  /// How the campaign leaves.
  enum Departure: Equatable {
    /// It stays.
    case draft
    case now
    case at(ScheduleTime)
  }

  /// A campaign with its content.
  ///
  /// - Throws: `OperationError` with code `invalidInput` for what no schema can see.
  init(_ input: JSONValue) throws(OperationError) {
    content = try CampaignFields.content.write(try Self.requiringOneContent(input))
    let isPlain = input["plainText"] != nil && input["html"] == nil
    (creation, title) = try Self.creation(input, type: isPlain ? "plaintext" : "regular")
    let send = try [Field("send", .word(["now", "draft"]))].write(input)["send"]?.text ?? "now"
    let time = try [Field("scheduleAt")].write(input)["schedule_at"]?.text
    switch (send, time) {
    case ("draft", nil): departure = .draft
    case ("draft", _?):
      throw OperationError(
        .invalidInput, "a draft is not scheduled; leave out scheduleAt or send", pointer: "/scheduleAt")
    case (_, nil): departure = .now
    case (_, let time?): departure = .at(try ScheduleTime(time))
    }
  }

  /// A draft without content.
  init(draft input: JSONValue) throws(OperationError) {
    (creation, title) = try Self.creation(input, type: "regular")
    (content, departure) = ([:], .draft)
  }

  /// The request that makes the campaign, with the marker in its title.
  func creation(_ marker: CampaignMarker) -> JSONValue {
    creation.adding(
      "settings", (creation["settings"] ?? [:]).adding("title", .string(marker.title(title))))
  }

  /// - Parameter type: for an input that names none.
  private static func creation(
    _ input: JSONValue, type usual: String
  ) throws(OperationError) -> (body: JSONValue, title: String) {
    let hasSubjects = input["variate"]?["subjectLines"] != nil
    let required: Set = hasSubjects ? ["fromName", "replyTo"] : ["subject", "fromName", "replyTo"]
    let fields =
      [CampaignFields.audience.required, Field("type", .word(CampaignFields.types))]
      + CampaignFields.settings.map { required.contains($0.name) ? $0.required : $0 }
    let body = try fields.write(input)
    let guess = input["rss"] != nil ? "rss" : input["variate"] != nil ? "variate" : usual
    let type = body["type"]?.text ?? guess
    for kind in ["rss", "variate"] where (type == kind) != (input[kind] != nil) {
      throw OperationError(
        .invalidInput, "a campaign of type \(kind), and no other, has the settings \(kind)",
        pointer: "/\(kind)")
    }
    let title = body["settings"]?["title"]?.text ?? body["settings"]?["subject_line"]?.text
    return (body.adding("type", .string(type)), title ?? "Campaign")
  }

  /// The input, which has content of one kind.
  ///
  /// - Throws: `OperationError` with code `invalidInput` when it has none, or several.
  static func requiringOneContent(_ input: JSONValue) throws(OperationError) -> JSONValue {
    if input["sections"] != nil, input["templateId"] == nil {
      throw OperationError(.invalidInput, "sections belong to a templateId", pointer: "/sections")
    }
    let isWritten = input["html"] != nil || input["plainText"] != nil
    let kinds = ["templateId", "url", "archive", "contents"].count { input[$0] != nil } + (isWritten ? 1 : 0)
    guard kinds == 1 else {
      throw OperationError(
        .invalidInput,
        "give either html, plainText or both, or a templateId, or a url, or an archive, or contents",
        pointer: "/html")
    }
    return input
  }
}
