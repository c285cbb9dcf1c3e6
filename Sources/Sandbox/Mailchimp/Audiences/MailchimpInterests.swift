internal import ConnectorModel

/// One interest category ("group") of an audience with its interests.
struct InterestCategory: Sendable {
  let id: String
  /// Of `schema`.
  var fields: [String: JSONValue]
  var interests: [Interest] = []

  struct Interest: Sendable {
    let id: String
    var fields: [String: JSONValue]
  }

  /// How many interests an audience can have, over all its categories.
  static let mostInterests = 60
  static let schema = ObjectSchema(
    [
      "title": .string, "display_order": .integer,
      "type": .choice(["checkboxes", "dropdown", "radio", "hidden"]),
    ], required: ["title", "type"])
  static let interestSchema = ObjectSchema(["name": .string, "display_order": .integer], required: ["name"])

  func body(_ call: MailchimpCall, listID: String) -> JSONValue {
    let defaults: JSONValue = ["title": "", "display_order": 0, "type": "checkboxes"]
    return defaults.merging(fields).merging([
      "id": .string(id), "list_id": .string(listID),
      "_links": call.itemLinks(
        "/lists/\(listID)/interest-categories/\(id)", schema: "Lists/InterestCategories"),
    ])
  }
}

// Interest categories of an audience and the interests in them.
extension Mailchimp {
  private static let schemaName = "Lists/InterestCategories"

  func interestCategories(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = lists[try listIndex(call)]
    let type = try call.choice("type", ["checkboxes", "dropdown", "radio", "hidden"])
    let found = list.interestCategories.filter { category in
      type.map { $0 == category.fields["type"]?.text } ?? true
    }
    return try call.collection(
      "categories", found.map { $0.body(call, listID: list.id) },
      like: InterestCategory(id: "", fields: [:]).body(call, listID: list.id),
      at: "/lists/\(list.id)/interest-categories", schema: Self.schemaName,
      extra: ["list_id": .string(list.id)])
  }

  func interestCategory(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, category) = try categoryIndex(call)
    return categoryAnswer(list, category, call)
  }

  mutating func createInterestCategory(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = try listIndex(call)
    let fields = try call.resource(InterestCategory.schema)
    let isTaken = lists[list].interestCategories.contains { $0.fields["title"] == fields["title"] }
    guard !isTaken else { throw .badRequest("Cannot add \"\(fields["title"]?.text ?? "")\": it exists.") }
    lists[list].interestCategories.append(InterestCategory(id: identifiers.short(), fields: fields))
    return categoryAnswer(list, lists[list].interestCategories.count - 1, call)
  }

  mutating func updateInterestCategory(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, category) = try categoryIndex(call)
    let changes = try call.resource(InterestCategory.schema, isPartial: true)
    lists[list].interestCategories[category].fields.merge(changes) { _, new in new }
    return categoryAnswer(list, category, call)
  }

  mutating func deleteInterestCategory(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, category) = try categoryIndex(call)
    for interest in lists[list].interestCategories.remove(at: category).interests {
      forget(interest: interest.id, list: list)
    }
    return .nothing
  }

  func interests(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try categoryIndex(call)
    let category = lists[list].interestCategories[index]
    return try call.collection(
      "interests", category.interests.map { body(of: $0, list: list, category: index, call) },
      like: body(of: .init(id: "", fields: [:]), list: list, category: index, call),
      at: "/lists/\(lists[list].id)/interest-categories/\(category.id)/interests",
      schema: Self.schemaName + "/Interests",
      extra: ["list_id": .string(lists[list].id), "category_id": .string(category.id)])
  }

  func interest(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, category, interest) = try interestIndex(call)
    return interestAnswer(list, category, interest, call)
  }

  mutating func createInterest(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, category) = try categoryIndex(call)
    let fields = try call.resource(InterestCategory.interestSchema)
    let count = lists[list].interestCategories.reduce(0) { $0 + $1.interests.count }
    guard count < InterestCategory.mostInterests else {
      throw .badRequest("This list has the maximum of \(InterestCategory.mostInterests) interests.")
    }
    let interests = lists[list].interestCategories[category].interests
    guard !interests.contains(where: { $0.fields["name"] == fields["name"] }) else {
      throw .badRequest("Cannot add \"\(fields["name"]?.text ?? "")\": it exists.")
    }
    let interest = InterestCategory.Interest(id: identifiers.short(), fields: fields)
    lists[list].interestCategories[category].interests.append(interest)
    for member in lists[list].members.indices {
      let old = lists[list].members[member].fields["interests"] ?? [:]
      lists[list].members[member].fields["interests"] = old.merging([interest.id: false])
    }
    return interestAnswer(list, category, interests.count, call)
  }

  mutating func updateInterest(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, category, interest) = try interestIndex(call)
    let changes = try call.resource(InterestCategory.interestSchema, isPartial: true)
    lists[list].interestCategories[category].interests[interest].fields.merge(changes) { _, new in new }
    return interestAnswer(list, category, interest, call)
  }

  mutating func deleteInterest(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, category, interest) = try interestIndex(call)
    let removed = lists[list].interestCategories[category].interests.remove(at: interest)
    forget(interest: removed.id, list: list)
    return .nothing
  }

  private mutating func forget(interest id: String, list: Int) {
    for member in lists[list].members.indices {
      guard var values = lists[list].members[member].fields["interests"]?.members else { continue }
      values[id] = nil
      lists[list].members[member].fields["interests"] = .object(values)
    }
  }

  private func categoryIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> (list: Int, category: Int) {
    let list = try listIndex(call)
    guard
      let category = lists[list].interestCategories.firstIndex(where: { $0.id == call.parameter("category") })
    else { throw .notFound }
    return (list, category)
  }

  private func interestIndex(
    _ call: MailchimpCall
  ) throws(MailchimpProblem) -> (list: Int, category: Int, interest: Int) {
    let (list, category) = try categoryIndex(call)
    let interests = lists[list].interestCategories[category].interests
    guard let interest = interests.firstIndex(where: { $0.id == call.parameter("interest") }) else {
      throw .notFound
    }
    return (list, category, interest)
  }

  private func categoryAnswer(_ list: Int, _ category: Int, _ call: MailchimpCall) -> MailchimpAnswer {
    .body(
      lists[list].interestCategories[category].body(call, listID: lists[list].id), schema: Self.schemaName)
  }

  private func interestAnswer(
    _ list: Int, _ category: Int, _ interest: Int, _ call: MailchimpCall
  ) -> MailchimpAnswer {
    let value = lists[list].interestCategories[category].interests[interest]
    return .body(
      body(of: value, list: list, category: category, call), schema: Self.schemaName + "/Interests")
  }

  private func body(
    of interest: InterestCategory.Interest, list: Int, category: Int, _ call: MailchimpCall
  ) -> JSONValue {
    let list = lists[list]
    let categoryID = list.interestCategories[category].id
    let chosen = list.members.count {
      $0.status == .subscribed && $0.fields["interests"]?[interest.id] == true
    }
    let defaults: JSONValue = ["name": "", "display_order": 0]
    return defaults.merging(interest.fields).merging([
      "id": .string(interest.id), "list_id": .string(list.id), "category_id": .string(categoryID),
      "subscriber_count": .string(String(chosen)),
      "_links": call.itemLinks(
        "/lists/\(list.id)/interest-categories/\(categoryID)/interests/\(interest.id)",
        schema: Self.schemaName + "/Interests"),
    ])
  }
}
