import ConnectorKit

/// Members of an audience and what belongs to each.
enum MemberActions {
  private static let folder: ResourcePath = "/lists/{audience}/members"
  private static let place: ResourcePath = "/lists/{audience}/members/{email}"
  private static let statuses = ["subscribed", "unsubscribed", "cleaned", "pending", "transactional"]

  static let fields: [Field] = [
    Field("memberId", at: "id").required, Field("email", at: "email_address").required,
    Field("status").required,
    "fullName", Field("mergeFields", .open), Field("interests", .open), "language", Field("vip", .flag),
    Field("rating", at: "member_rating", .integer), "source", "lastChanged",
    Field("signedUpAt", at: "timestamp_signup"), Field("optedInAt", at: "timestamp_opt"), "unsubscribeReason",
    Field("tags", .list(.object([Field("id", .integer), "name"]))),
    Field("openRate", at: "stats.avg_open_rate", .number),
    Field("clickRate", at: "stats.avg_click_rate", .number),
  ]

  /// What may be said of a member, new or not.
  static let facts: [Field] = [
    Field("status", .word(statuses)), Field("mergeFields", .named(atMostBytes: 255)),
    Field("interests", .open),
    Field("language", .text(atMost: 10)), Field("vip", .flag), Field("emailType", .word(["html", "text"])),
    Field("location", .object([Field("latitude", .number), Field("longitude", .number)])),
    Field(
      "marketingPermissions",
      .list(
        .object([
          Field("permissionId", at: "marketing_permission_id").required, Field("enabled", .flag).required,
        ]))
    ), Field("ipSignup", .text(atMost: 45)), Field("ipOpt", .text(atMost: 45)),
  ]
  static let tags = Field("tags", .list(.text(atMost: 100)))
  static let email = Field("email", at: "email_address", .text(atMost: 254)).required
  private static let skipping = [Field("skipMergeValidation", .flag)]

  private static let upsert = ResourceAction(
    name: "member.upsert", method: "PUT", path: place, query: skipping,
    body: [email] + facts + [Field("statusIfNew", .word(statuses)), tags], result: .item(fields),
    prepare: { input in
      guard input["statusIfNew"] == nil, let status = input["status"] else { return input }
      return input.adding("statusIfNew", status)
    })

  private static let note: [Field] = [
    Field("noteId", at: "id", .integer).required, Field("text", at: "note").required, "createdAt",
    "createdBy",
    "updatedAt",
  ]

  static let all: [ResourceAction] = [
    .list(
      "member.list", folder, fields, as: "members",
      query: [
        Field("status", .word(statuses + ["archived"])), "sinceLastChanged", "beforeLastChanged",
        Field("vipOnly", .flag), Field("interestCategoryId", .text(atMost: 64)),
        Field("sortField", .word(["timestamp_opt", "timestamp_signup", "last_changed"])),
        Field("sortDir", .word(["ASC", "DESC"])),
      ]),
    .read("member.read", place, fields),
    ResourceAction(
      name: "member.update", method: "PATCH", path: place, query: skipping,
      body: [Field("newEmail", at: "email_address", .text(atMost: 254))] + facts, result: .item(fields)),
    upsert,
    ResourceAction(
      name: "member.purge", method: "POST",
      path: "/lists/{audience}/members/{email}/actions/delete-permanent",
      result: .absence),
    .list(
      "member.tags", "/lists/{audience}/members/{email}/tags",
      [Field("tagId", at: "id", .integer).required, Field("name").required, "dateAdded"], as: "tags"),
    .order(
      "member.tags.update", "/lists/{audience}/members/{email}/tags",
      [
        Field(
          "tags",
          .list(
            .object([
              Field("name", .text(atMost: 100)).required,
              Field("status", .word(["active", "inactive"])).required,
            ]))
        ).required,
        Field("isSyncing", .flag),
      ]),
    .list("member.notes", "/lists/{audience}/members/{email}/notes", note, as: "notes"),
    .create(
      "member.note.create", "/lists/{audience}/members/{email}/notes",
      [Field("text", at: "note", .text(atMost: 1_000)).required], note,
      existing: Existing(wire: "notes", keys: ["note"], created: "created_at")),
    .list(
      "member.events", "/lists/{audience}/members/{email}/events",
      [Field("name").required, "occurredAt", Field("properties", .open)], as: "events"),
    .order(
      "member.event.create", "/lists/{audience}/members/{email}/events",
      [
        Field("name", .text(atMost: 30)).required, Field("properties", .named(atMostBytes: 255)),
        Field("isSyncing", .flag), Field("occurredAt", .text(atMost: 40)),
      ]),
    .list(
      "member.activity", "/lists/{audience}/members/{email}/activity-feed",
      [
        Field("type", at: "activity_type").required, Field("at", at: "created_at_timestamp").required,
        "campaignId",
        "campaignTitle", "linkClicked", "noteText", "eventName", "bounceType",
      ], as: "activity", query: [Field("activityFilters", .list(.text(atMost: 30)))]),
  ]
}
