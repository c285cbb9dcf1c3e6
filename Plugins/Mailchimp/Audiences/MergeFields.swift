/// Merge fields: what an audience knows of its members besides the address.
enum MergeFields {
  private static let fields: [Field] = [
    Field("mergeFieldId", at: "merge_id", .integer).required, Field("tag").required, "name", "type",
    Field("isRequired", at: "required", .flag), "defaultValue", Field("isPublic", at: "public", .flag),
    Field("displayOrder", .integer), Field("options", .open), "helpText",
  ]
  private static let changes: [Field] = [
    Field("tag", .text(atMost: 10)), Field("name", .text(atMost: 50)),
    Field("isRequired", at: "required", .flag),
    Field("defaultValue", .text(atMost: 255)), Field("isPublic", at: "public", .flag),
    Field("displayOrder", .integer), Field("helpText", .text(atMost: 255)),
    Field(
      "options",
      .object([
        Field("choices", .list(.text(atMost: 255))), Field("size", .integer), "phoneFormat", "dateFormat",
        Field("defaultCountry", .integer),
      ])),
  ]
  private static let types = [
    "text", "number", "address", "phone", "date", "url", "imageurl", "radio", "dropdown", "birthday", "zip",
  ]
  private static let folder: ResourcePath = "/lists/{audience}/merge-fields"
  private static let place: ResourcePath = "/lists/{audience}/merge-fields/{mergeFieldId}"

  static let all: [ResourceAction] = [
    .list("merge-field.list", folder, fields, as: "mergeFields", wire: "merge_fields"),
    .create(
      "merge-field.create", folder,
      [
        Field("tag", .text(atMost: 10)).required, Field("name", .text(atMost: 50)).required,
        Field("type", .word(types)).required,
      ] + changes.dropFirst(2), fields,
      // A tag is there once in an audience.
      existing: Existing(wire: "merge_fields", keys: ["tag"])),
    .update("merge-field.update", place, changes, fields),
    .delete("merge-field.delete", place),
  ]
}
