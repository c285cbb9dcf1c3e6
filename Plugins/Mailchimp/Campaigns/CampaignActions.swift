/// Campaigns, as far as one request does it.
enum CampaignActions {
  private static let place: ResourcePath = "/campaigns/{campaignId}"
  private static let contentPlace: ResourcePath = "/campaigns/{campaignId}/content"
  private static let content: [Field] = [
    "html", "plainText", "archiveHtml", Field("contents", at: "variate_contents", .list(.open)),
  ]

  static let all: [ResourceAction] = [
    .list(
      "campaign.list", "/campaigns", CampaignFields.shown, as: "campaigns",
      query: [
        Field("type", .word(CampaignFields.types + ["absplit"])),
        Field(
          "status",
          .word(["save", "paused", "schedule", "sending", "sent", "canceled", "canceling", "archived"])),
        Field("audience", at: "list_id", .id), Field("folderId", .id), Field("memberId", .id),
        Field("sinceCreateTime", .text(atMost: 40)), Field("beforeCreateTime", .text(atMost: 40)),
        Field("sinceSendTime", .text(atMost: 40)), Field("beforeSendTime", .text(atMost: 40)),
        Field("sortField", .word(["create_time", "send_time"])), Field("sortDir", .word(["ASC", "DESC"])),
      ]),
    .read("campaign.read", place, CampaignFields.shown),
    .update(
      "campaign.update", place, [CampaignFields.audience] + CampaignFields.settings, CampaignFields.shown),
    .read("campaign.content", contentPlace, content),
    ResourceAction(
      name: "campaign.content.update", method: "PUT", path: contentPlace, body: CampaignFields.content,
      result: .item(content), prepare: CampaignPlan.requiringOneContent),
    .read(
      "campaign.checklist", "/campaigns/{campaignId}/send-checklist",
      [
        Field("isReady", .flag).required,
        Field(
          "items", .list(.object([Field("type").required, Field("id", .integer), "heading", "details"]))),
      ]),
    .order(
      "campaign.test", "/campaigns/{campaignId}/actions/test",
      [
        Field("emails", at: "test_emails", .list(.text(atMost: 254))).required,
        Field("sendType", .word(["html", "plaintext"])).required,
      ]),
    .create("campaign.replicate", "/campaigns/{campaignId}/actions/replicate", [], CampaignFields.shown),
    .create(
      "campaign.resend", "/campaigns/{campaignId}/actions/create-resend",
      [Field("shortcutType", .word(["to_non_openers", "to_new_subscribers", "to_non_clickers"]))],
      CampaignFields.shown),
  ]
}
