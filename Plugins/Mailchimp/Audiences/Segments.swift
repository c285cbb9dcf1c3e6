import ConnectorKit

/// Segments of an audience; a static one is the same as a tag.
enum Segments {
  private static let folder: ResourcePath = "/lists/{audience}/segments"
  private static let place: ResourcePath = "/lists/{audience}/segments/{segmentId}"
  private static let fields: [Field] = [
    Field("segmentId", at: "id", .integer).required, Field("name").required,
    Field("members", at: "member_count", .integer), "type", "createdAt", "updatedAt",
    Field("conditions", at: "options.conditions", .list(.open)), Field("match", at: "options.match"),
  ]
  private static let rules: [Field] = [
    Field("match", at: "options.match", .word(["any", "all"])),
    Field("conditions", at: "options.conditions", .list(.open)),
  ]

  static let all: [ResourceAction] = [
    .list(
      "segment.list", folder, fields, as: "segments",
      query: [Field("type", .word(["saved", "static", "fuzzy"]))]),
    creation,
    .update("segment.update", place, [Field("name", .text(atMost: 100))] + rules, fields),
    .delete("segment.delete", place),
  ]

  /// Without conditions it is a static one, empty at first: members come by `segment.members`, in chunks.
  private static let creation: ResourceAction = {
    var creation = ResourceAction.create(
      "segment.create", folder,
      [
        Field("name", .text(atMost: 100)).required,
        Field("members", at: "static_segment", .list(.text(atMost: 254))),
      ]
        + rules, fields, existing: Existing(wire: "segments", keys: ["name"]))
    creation.prepare = { input in input["conditions"] == nil ? input.adding("members", []) : input }
    return creation
  }()
}
