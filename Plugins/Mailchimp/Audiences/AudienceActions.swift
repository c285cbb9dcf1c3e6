/// Audiences and what belongs to each.
enum AudienceActions {
  static let fields: [Field] = [
    Field("id").required, Field("name").required, Field("members", at: "stats.member_count", .integer),
    Field("unsubscribed", at: "stats.unsubscribe_count", .integer),
    Field("defaultFromName", at: "campaign_defaults.from_name"),
    Field("defaultFromEmail", at: "campaign_defaults.from_email"),
    Field("defaultSubject", at: "campaign_defaults.subject"),
    Field("language", at: "campaign_defaults.language"), Field("doubleOptIn", at: "double_optin", .flag),
  ]

  private static let changes: [Field] = [
    Field("name", .text(atMost: 100)),
    Field("defaultFromName", at: "campaign_defaults.from_name", .text(atMost: 100)),
    Field("defaultFromEmail", at: "campaign_defaults.from_email", .text(atMost: 254)),
    Field("defaultSubject", at: "campaign_defaults.subject", .text(atMost: 150)),
    Field("language", at: "campaign_defaults.language", .text(atMost: 10)),
    Field("permissionReminder", .text(atMost: 500)), Field("doubleOptIn", at: "double_optin", .flag),
    Field("emailTypeOption", .flag), Field("visibility", .word(["pub", "prv"])),
    Field(
      "contact",
      .object(["company", "address1", "address2", "city", "state", "zip", "country", "phone"])),
  ]

  static let all: [ResourceAction] =
    [.update("audience.update", "/lists/{audience}", changes, fields)]
    + MergeFields.all + Interests.all + Segments.all + Webhooks.all
}
