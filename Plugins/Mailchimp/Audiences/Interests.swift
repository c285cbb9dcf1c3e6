/// Interest categories ("groups") and the interests in them.
enum Interests {
  private static let categories: ResourcePath = "/lists/{audience}/interest-categories"
  private static let interests: ResourcePath = "/lists/{audience}/interest-categories/{categoryId}/interests"
  private static let category: [Field] = [
    Field("categoryId", at: "id").required, Field("title").required, "type", Field("displayOrder", .integer),
  ]
  private static let interest: [Field] = [
    Field("interestId", at: "id").required, Field("name").required,
    Field("subscribers", at: "subscriber_count", .integer), Field("displayOrder", .integer),
  ]

  static let all: [ResourceAction] = [
    .list("interest-category.list", categories, category, as: "categories"),
    .create(
      "interest-category.create", categories,
      [
        Field("title", .text(atMost: 100)).required,
        Field("type", .word(["checkboxes", "dropdown", "radio", "hidden"])).required,
        Field("displayOrder", .integer),
      ], category, existing: Existing(wire: "categories", keys: ["title"])),
    .list("interest.list", interests, interest, as: "interests"),
    .create(
      "interest.create", interests,
      [Field("name", .text(atMost: 100)).required, Field("displayOrder", .integer)], interest,
      existing: Existing(wire: "interests", keys: ["name"])),
  ]
}
