/// Webhooks of an audience, and those that are told of batches.
enum Webhooks {
  private static let folder: ResourcePath = "/lists/{audience}/webhooks"
  private static let place: ResourcePath = "/lists/{audience}/webhooks/{webhookId}"
  private static let batchPlace: ResourcePath = "/batch-webhooks/{webhookId}"
  private static let events = ["subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign"]
  private static let switches: [Field] = [
    Field("events", .object(events.map { Field($0, .flag) })),
    Field("sources", .object(["user", "admin", "api"].map { Field($0, .flag) })),
  ]
  private static let url = Field("url", .text(atMost: 500))
  private static let fields: [Field] =
    [Field("webhookId", at: "id").required, Field("url").required] + switches
    + [Field("signingEnabled", .flag)]
  private static let batchFields: [Field] = [
    Field("webhookId", at: "id").required, Field("url").required, Field("enabled", .flag),
  ]

  static let all: [ResourceAction] = [
    .list("webhook.list", folder, fields, as: "webhooks"),
    // The secret is shown this once and the host keeps it; what stands here is its handle.
    .create("webhook.create", folder, [url.required] + switches, fields + ["signingSecret"]),
    .update("webhook.update", place, [url] + switches, fields),
    .delete("webhook.delete", place),
    .list("batch-webhook.list", "/batch-webhooks", batchFields, as: "webhooks"),
    .create(
      "batch-webhook.create", "/batch-webhooks", [url.required, Field("enabled", .flag)], batchFields,
      existing: Existing(wire: "webhooks", keys: ["url"])),
    .update("batch-webhook.update", batchPlace, [url, Field("enabled", .flag)], batchFields),
    .delete("batch-webhook.delete", batchPlace),
  ]
}
