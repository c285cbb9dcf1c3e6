/// Templates and files of the account.
enum Library {
  private static let template: [Field] = [
    Field("templateId", at: "id", .integer).required, Field("name").required, "type", "category",
    "dateCreated",
    "dateEdited", Field("active", .flag), "folderId", "thumbnail", "shareUrl", "contentType",
  ]
  private static let templateChanges: [Field] = [
    Field("name", .text(atMost: 50)), Field("html", .text(atMost: 2_000_000)),
    Field("folderId", .text(atMost: 64)),
  ]
  static let file: [Field] = [
    Field("fileId", at: "id", .integer).required, Field("name").required, "type",
    Field("url", at: "full_size_url"), "thumbnailUrl", Field("size", .integer), Field("width", .integer),
    Field("height", .integer), "createdAt", "folderId",
  ]
  private static let place: ResourcePath = "/templates/{templateId}"

  static let all: [ResourceAction] = [
    .list(
      "template.list", "/templates", template, as: "templates",
      query: [Field("type", .word(["user", "base", "gallery"])), Field("folderId", .text(atMost: 64))]),
    .read("template.read", place, template),
    .read("template.content", "/templates/{templateId}/default-content", [Field("sections", .open)]),
    .create(
      "template.create", "/templates",
      [templateChanges[0].required, templateChanges[1].required, templateChanges[2]], template,
      existing: Existing(wire: "templates", keys: ["name"], created: "date_created")),
    .update("template.update", place, templateChanges, template),
    .delete("template.delete", place),
    .list(
      "file.list", "/file-manager/files", file, as: "files",
      query: [
        Field("type", .word(["image", "file", "all"])),
        Field("sortField", .word(["added_date", "name", "size"])),
        Field("sortDir", .word(["ASC", "DESC"])),
      ]),
    .delete("file.delete", "/file-manager/files/{fileId}"),
  ]
}
