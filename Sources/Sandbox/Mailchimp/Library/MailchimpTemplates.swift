internal import ConnectorModel

// Templates of the account.
extension Mailchimp {
  func template(_ id: Int) -> Template? { library.templates.first { $0.id == id } }

  func templates(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let type = try call.choice("type", ["user", "base", "gallery"])
    let created = try call.window("date_created")
    var found = library.templates.filter { template in
      type.map { $0 == "user" } ?? true && created.contains(template.created)
        && call.item("folder_id").map { $0 == template.folderID } ?? true
    }
    if let field = try call.choice("sort_field", ["date_created", "date_edited", "name"]) {
      let isAscending = try call.choice("sort_dir", ["ASC", "DESC"]) == "ASC"
      found.sort { left, right in
        let (first, second) = isAscending ? (left, right) : (right, left)
        return switch field {
        case "name": first.name < second.name
        case "date_edited": first.edited < second.edited
        default: first.created < second.created
        }
      }
    }
    let example = Template(id: 0, name: "", html: "", folderID: "", created: call.now, edited: call.now)
    return try call.collection(
      "templates", found.map { $0.body(call) }, like: example.body(call), at: "/templates",
      schema: "Templates")
  }

  func template(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    .body(library.templates[try templateIndex(call)].body(call), schema: "Templates")
  }

  mutating func createTemplate(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let fields = try call.resource(Template.schema)
    try checkTemplate(fields)
    let template = Template(
      id: library.templateID(), name: fields["name"]?.text ?? "", html: fields["html"]?.text ?? "",
      folderID: fields["folder_id"]?.text ?? "", created: call.now, edited: call.now)
    library.templates.append(template)
    return .body(template.body(call), schema: "Templates")
  }

  mutating func updateTemplate(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try templateIndex(call)
    let changes = try call.resource(Template.schema, isPartial: true)
    try checkTemplate(changes)
    var template = library.templates[index]
    template.name = changes["name"]?.text ?? template.name
    template.html = changes["html"]?.text ?? template.html
    template.folderID = changes["folder_id"]?.text ?? template.folderID
    template.edited = call.now
    library.templates[index] = template
    return .body(template.body(call), schema: "Templates")
  }

  mutating func deleteTemplate(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    library.templates.remove(at: try templateIndex(call))
    return .nothing
  }

  func defaultContent(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let template = library.templates[try templateIndex(call)]
    let value: JSONValue = [
      "sections": .object(template.sections.mapValues { .string($0) }),
      "_links": [
        call.relation("self", "/templates/\(template.id)/default-content"),
        call.relation("parent", "/templates/\(template.id)", schema: "Templates"),
      ],
    ]
    return .body(value, schema: "Templates/DefaultContent")
  }

  private func templateIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> Int {
    let id = try call.number("template")
    guard let index = library.templates.firstIndex(where: { $0.id == id }) else { throw .notFound }
    return index
  }

  private func checkTemplate(_ fields: [String: JSONValue]) throws(MailchimpProblem) {
    if let name = fields["name"]?.text, !(1...50).contains(name.count) {
      throw .invalid("name", "A template's name has 1 to 50 characters.")
    }
    guard library.hasFolder(fields["folder_id"]?.text ?? "", .templates) else {
      throw .invalid("folder_id", "The folder does not exist.")
    }
  }
}
