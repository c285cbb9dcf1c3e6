internal import ConnectorModel

// `POST /lists/{id}`: up to 500 members at once; what fails is told inside a 200.
extension Mailchimp {
  private static let longestBatch = 500
  private static let batch = ObjectSchema(
    ["members": .array(of: .anyObject), "sync_tags": .boolean, "update_existing": .boolean],
    required: ["members"])

  mutating func bulkMembers(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let list = try listIndex(call)
    let fields = try call.resource(Self.batch)
    let entries = fields["members"]?.elements ?? []
    guard entries.count <= Self.longestBatch else {
      throw .invalid("members", "You can only process up to \(Self.longestBatch) members at a time.")
    }
    var created: [JSONValue] = []
    var updated: [JSONValue] = []
    var errors: [JSONValue] = []
    var seen: Set<String> = []
    for entry in entries {
      let email = entry["email_address"]?.text ?? ""
      let isFirst = seen.insert(Member.id(of: email)).inserted
      if !isFirst, call.flag("skip_duplicate_check") { continue }
      let exists = lists[list].index(of: email).map { lists[list].members[$0].status != .archived } ?? false
      do throws(MailchimpProblem) {
        guard isFirst else { throw .badRequest("Duplicate items found in request.") }
        if exists, fields["update_existing"] != true {
          throw MailchimpProblem(
            status: 400, title: "Member Exists",
            detail:
              "\(email) is already a list member, do you want to update? please provide update_existing:true in "
              + "the request body")
        }
        let index = try storeEntry(entry, list: list, call)
        let tags = (entry["tags"]?.elements ?? []).compactMap(\.text)
        if fields["sync_tags"] == true {
          lists[list].members[index].tags.removeAll { !tags.contains($0.name) }
        }
        addTags(tags, to: index, list: list, at: call.now)
        let body = lists[list].members[index].body(call, listID: lists[list].id)
        if exists { updated.append(body) } else { created.append(body) }
      } catch {
        errors.append(Self.failure(error, email: email))
      }
    }
    let path = "/lists/\(lists[list].id)"
    let value: JSONValue = [
      "new_members": .array(created), "updated_members": .array(updated), "errors": .array(errors),
      "total_created": .number(created.count), "total_updated": .number(updated.count),
      "error_count": .number(errors.count),
      "_links": [
        call.relation("self", path, method: "POST", schema: "Lists/BatchPost"),
        call.relation("parent", path, schema: "Lists"),
      ],
    ]
    return .body(value, schema: "Lists/BatchPost")
  }

  private mutating func storeEntry(
    _ entry: JSONValue, list: Int, _ call: MailchimpCall
  ) throws(MailchimpProblem) -> Int {
    var problems: [MailchimpProblem.FieldProblem] = []
    let fields = Member.schema(required: ["email_address", "status"]).read(entry, into: &problems)
    guard problems.isEmpty else { throw .invalid(problems) }
    return try store(
      fields, statusField: "status", list: list, key: fields["email_address"]?.text ?? "", call)
  }

  private static func failure(_ problem: MailchimpProblem, email: String) -> JSONValue {
    [
      "email_address": .string(email), "error": .string(problem.detail),
      "error_code": problem.title == "Member Exists" ? "ERROR_CONTACT_EXISTS" : "ERROR_GENERIC",
      "field": .string(problem.errors.first?.field ?? ""),
      "field_message": .string(problem.errors.first?.message ?? ""),
    ]
  }
}
