internal import ConnectorModel

// Merge fields of an audience.
extension Mailchimp {
  func mergeFields(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = lists[try listIndex(call)]
    let type = try call.choice("type", MergeField.types)
    let required = call.item("required").map { $0 == "true" }
    let found = list.mergeFields.filter { field in
      type.map { $0 == field.type } ?? true && required.map { $0 == field.isRequired } ?? true
    }
    return try call.collection(
      "merge_fields", found.map { $0.body(call, listID: list.id) },
      like: MergeField.standard[0].body(call, listID: list.id), at: "/lists/\(list.id)/merge-fields",
      schema: "Lists/MergeFields", extra: ["list_id": .string(list.id)])
  }

  func mergeField(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, field) = try mergeFieldIndex(call)
    return mergeFieldAnswer(list, field, call)
  }

  mutating func createMergeField(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = try listIndex(call)
    var fields = try call.resource(MergeField.schema)
    guard lists[list].mergeFields.count < MergeField.most else {
      throw .badRequest("Your merge field limit of \(MergeField.most) has been reached.")
    }
    let id = (lists[list].mergeFields.map(\.id).max() ?? 0) + 1
    if fields["tag"]?.text?.isEmpty ?? true { fields["tag"] = .string("MMERGE\(id)") }
    try checkMergeField(fields, list: list, except: nil)
    let field = MergeField(id: id, fields: Self.upperTag(fields))
    lists[list].mergeFields.append(field)
    for member in lists[list].members.indices {
      lists[list].members[member].mergeFields[field.tag] = field.defaultValue
    }
    return mergeFieldAnswer(list, lists[list].mergeFields.count - 1, call)
  }

  mutating func updateMergeField(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try mergeFieldIndex(call)
    var changes = try call.resource(MergeField.schema, isPartial: true)
    // A field keeps its type for life.
    changes["type"] = nil
    try checkMergeField(changes, list: list, except: index)
    let old = lists[list].mergeFields[index]
    lists[list].mergeFields[index].fields = old.fields.changed(by: Self.upperTag(changes))
    let tag = lists[list].mergeFields[index].tag
    if tag != old.tag {
      for member in lists[list].members.indices {
        let value = lists[list].members[member].mergeFields.removeValue(forKey: old.tag)
        lists[list].members[member].mergeFields[tag] = value ?? old.defaultValue
      }
    }
    return mergeFieldAnswer(list, index, call)
  }

  mutating func deleteMergeField(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try mergeFieldIndex(call)
    let tag = lists[list].mergeFields.remove(at: index).tag
    for member in lists[list].members.indices { lists[list].members[member].mergeFields[tag] = nil }
    return .nothing
  }

  private func mergeFieldIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> (list: Int, field: Int) {
    let list = try listIndex(call)
    let id = try call.number("field")
    guard let field = lists[list].mergeFields.firstIndex(where: { $0.id == id }) else { throw .notFound }
    return (list, field)
  }

  private func mergeFieldAnswer(_ list: Int, _ field: Int, _ call: MailchimpCall) -> MailchimpAnswer {
    .body(lists[list].mergeFields[field].body(call, listID: lists[list].id), schema: "Lists/MergeFields")
  }

  private static func upperTag(_ fields: [String: JSONValue]) -> [String: JSONValue] {
    var fields = fields
    if let tag = fields["tag"]?.text { fields["tag"] = .string(tag.uppercased()) }
    return fields
  }

  private func checkMergeField(
    _ fields: [String: JSONValue], list: Int, except own: Int?
  ) throws(MailchimpProblem) {
    guard let tag = fields["tag"]?.text?.uppercased() else { return }
    let isName = tag.utf8.allSatisfy {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "_")
    }
    guard (1...MergeField.longestTag).contains(tag.utf8.count), isName else {
      throw .invalid("tag", "A tag has 1 to \(MergeField.longestTag) letters, digits and underscores.")
    }
    let isTaken = lists[list].mergeFields.enumerated().contains { $0.offset != own && $0.element.tag == tag }
    guard !isTaken, tag != "EMAIL" else {
      throw .badRequest("A Merge Field with the tag \"\(tag)\" already exists for this list.")
    }
  }
}
