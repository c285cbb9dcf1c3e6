internal import ConnectorModel

/// A note that somebody of the account wrote about a member.
struct MemberNote: Sendable {
  let id: Int
  let created: SandboxInstant
  var updated: SandboxInstant
  var text: String

  static let longestText = 1000
  static let schema = ObjectSchema(["note": .string], required: ["note"])

  func body(_ call: MailchimpCall, listID: String, memberID: String) -> JSONValue {
    [
      "id": .number(id), "note_id": .number(id), "created_at": .string(created.iso8601),
      "created_by": .string(MailchimpAccount.name), "updated_at": .string(updated.iso8601),
      "note": .string(text), "list_id": .string(listID), "email_id": .string(memberID),
      "contact_id": .string(memberID),
      "_links": call.itemLinks(
        "/lists/\(listID)/members/\(memberID)/notes/\(id)", schema: "Lists/Members/Notes"),
    ]
  }
}

// Notes about a member.
extension Mailchimp {
  private static let schemaName = "Lists/Members/Notes"

  func notes(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, index) = try memberIndex(call)
    let (listID, member) = (lists[list].id, lists[list].members[index])
    let example = MemberNote(id: 0, created: call.now, updated: call.now, text: "")
    return try call.collection(
      "notes", member.notes.reversed().map { $0.body(call, listID: listID, memberID: member.id) },
      like: example.body(call, listID: listID, memberID: member.id),
      at: "/lists/\(listID)/members/\(member.id)/notes", schema: Self.schemaName,
      extra: ["email_id": .string(member.id), "list_id": .string(listID)])
  }

  func note(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member, note) = try noteIndex(call)
    return noteAnswer(list, member, note, call)
  }

  mutating func createNote(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member) = try memberIndex(call)
    let text = try noteText(call)
    let note = MemberNote(id: identifiers.tagID(), created: call.now, updated: call.now, text: text)
    lists[list].members[member].notes.append(note)
    return noteAnswer(list, member, lists[list].members[member].notes.count - 1, call)
  }

  mutating func updateNote(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member, note) = try noteIndex(call)
    lists[list].members[member].notes[note].text = try noteText(call)
    lists[list].members[member].notes[note].updated = call.now
    return noteAnswer(list, member, note, call)
  }

  mutating func deleteNote(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let (list, member, note) = try noteIndex(call)
    lists[list].members[member].notes.remove(at: note)
    return .nothing
  }

  private func noteText(_ call: MailchimpCall) throws(MailchimpProblem) -> String {
    let text = try call.resource(MemberNote.schema)["note"]?.text ?? ""
    guard (1...MemberNote.longestText).contains(text.count) else {
      throw .invalid("note", "A note has 1 to \(MemberNote.longestText) characters.")
    }
    return text
  }

  private func noteIndex(
    _ call: MailchimpCall
  ) throws(MailchimpProblem) -> (list: Int, member: Int, note: Int) {
    let (list, member) = try memberIndex(call)
    let id = try call.number("note")
    guard let note = lists[list].members[member].notes.firstIndex(where: { $0.id == id }) else {
      throw .notFound
    }
    return (list, member, note)
  }

  private func noteAnswer(_ list: Int, _ member: Int, _ note: Int, _ call: MailchimpCall) -> MailchimpAnswer {
    let owner = lists[list].members[member]
    return .body(
      owner.notes[note].body(call, listID: lists[list].id, memberID: owner.id), schema: Self.schemaName)
  }
}
