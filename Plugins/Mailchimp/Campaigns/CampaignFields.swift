/// What can be said of a campaign, its content and its delivery.
enum CampaignFields {
  static let types = ["regular", "plaintext", "rss", "variate"]

  static let settings: [Field] = [
    Field("segmentId", at: "recipients.segment_opts.saved_segment_id", .integer),
    Field("segmentMatch", at: "recipients.segment_opts.match", .word(["any", "all"])),
    Field("segmentConditions", at: "recipients.segment_opts.conditions", .list(.open)),
    Field("subject", at: "settings.subject_line", .text(atMost: 150)),
    Field("previewText", at: "settings.preview_text", .text(atMost: 150)),
    Field("title", at: "settings.title", .text(atMost: 100)),
    Field("fromName", at: "settings.from_name", .text(atMost: 100)),
    Field("replyTo", at: "settings.reply_to", .text(atMost: 254)),
    Field("toName", at: "settings.to_name", .text(atMost: 150)),
    Field("folderId", at: "settings.folder_id", .id),
    Field("inlineCss", at: "settings.inline_css", .flag),
    Field("autoFooter", at: "settings.auto_footer", .flag),
    Field("authenticate", at: "settings.authenticate", .flag),
    Field("useConversation", at: "settings.use_conversation", .flag),
    Field(
      "tracking",
      .object([
        Field("opens", .flag), Field("htmlClicks", .flag), Field("textClicks", .flag),
        Field("goalTracking", .flag),
        Field("googleAnalytics", .text(atMost: 50)),
      ])),
    Field(
      "rss", at: "rss_opts",
      .object([
        Field("feedUrl", .text(atMost: 2_000)).required,
        Field("frequency", .word(["daily", "weekly", "monthly"])).required,
        Field(
          "schedule",
          .object([
            Field("hour", .integer), Field("dailySend", .open), Field("weeklySendDay", .text(atMost: 10)),
            Field("monthlySendDate", .integer),
          ])), Field("constrainRssImg", .flag),
      ])),
    Field(
      "variate", at: "variate_settings",
      .object([
        Field("winnerCriteria", .word(["opens", "clicks", "manual", "total_revenue"])).required,
        Field("waitTime", .integer), Field("testSize", .integer),
        Field("subjectLines", .list(.text(atMost: 150))),
        Field("sendTimes", .list(.text(atMost: 40))), Field("fromNames", .list(.text(atMost: 100))),
        Field("replyToAddresses", .list(.text(atMost: 254))),
      ])),
    Field(
      "socialCard",
      .object([Field("imageUrl", .text(atMost: 2_000)), Field("title", .text(atMost: 200)), "description"])),
  ]

  static let audience = Field("audience", at: "recipients.list_id", .id)

  private static let largest = Field.Kind.text(atMost: 5_000_000)
  static let content: [Field] = [
    Field("html", largest), Field("plainText", largest), Field("url", .text(atMost: 2_000)),
    Field("templateId", at: "template.id", .integer),
    Field("sections", at: "template.sections", .named(atMostBytes: 5_000_000)),
    Field(
      "archive",
      .object([
        Field("content", at: "archive_content", largest).required,
        Field("type", at: "archive_type", .word(["zip", "tar.gz", "tar.bz2", "tar", "tgz", "tbz"])),
      ])),
    Field(
      "contents", at: "variate_contents",
      .list(
        .object([
          Field("label", at: "content_label", .text(atMost: 100)).required, Field("html", largest),
          Field("plainText", largest),
        ]))),
  ]

  /// What a campaign shows of itself.
  static let shown: [Field] = [
    Field("campaignId", at: "id").required, Field("webId", .integer), Field("type").required,
    Field("status").required, Field("audience", at: "recipients.list_id"),
    Field("recipients", at: "recipients.recipient_count", .integer),
    Field("subject", at: "settings.subject_line"),
    Field("title", at: "settings.title"), Field("fromName", at: "settings.from_name"),
    Field("replyTo", at: "settings.reply_to"), "archiveUrl", Field("emailsSent", .integer), "createTime",
    "sendTime",
    "contentType", Field("parentId", at: "parent_campaign_id"), Field("resendable", .flag),
    Field("deliveryStatus", at: "delivery_status.status"),
    Field("opens", at: "report_summary.opens", .integer),
    Field("uniqueOpens", at: "report_summary.unique_opens", .integer),
    Field("openRate", at: "report_summary.open_rate", .number),
    Field("clicks", at: "report_summary.clicks", .integer),
    Field("clickRate", at: "report_summary.click_rate", .number),
    Field("winningCampaignId", at: "variate_settings.winning_campaign_id"),
  ]
}
