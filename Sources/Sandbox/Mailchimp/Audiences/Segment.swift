internal import ConnectorModel

/// One segment of an audience: a static one, which is the same as a tag, or saved conditions.
struct Segment: Sendable {
  let id: Int
  var name: String
  let created: SandboxInstant
  var updated: SandboxInstant
  /// Nil for a static segment: its members are those with its tag.
  var conditions: SegmentConditions?

  var isStatic: Bool { conditions == nil }

  func contains(_ member: Member) -> Bool {
    guard member.status != .archived else { return false }
    return conditions.map { $0.admit(member) } ?? member.tags.contains { $0.id == id }
  }

  func body(_ call: MailchimpCall, list: Audience) -> JSONValue {
    let path = "/lists/\(list.id)/segments/\(id)"
    return [
      "id": .number(id), "name": .string(name),
      "member_count": .number(list.members.count { contains($0) && $0.status == .subscribed }),
      "type": .string(isStatic ? "static" : "saved"), "created_at": .string(created.iso8601),
      "updated_at": .string(updated.iso8601),
      "options": conditions?.json ?? ["match": "any", "conditions": []], "list_id": .string(list.id),
      "_links": call.itemLinks(path, schema: "Lists/Segments"),
    ]
  }
}

/// The conditions of a saved segment: all or any of them must hold.
struct SegmentConditions: Sendable {
  let json: JSONValue
  private let isAll: Bool
  private let tests: [Test]

  static let schema = ObjectSchema(
    ["match": .choice(["any", "all"]), "conditions": .array(of: .anyObject)], required: ["match"])
  private static let textOperators = [
    "is", "not", "contains", "notcontain", "starts", "ends", "blank", "blank_not",
  ]
  private static let staticOperators = ["static_is", "static_not"]

  private struct Test: Sendable {
    let field: String
    let operation: String
    let value: JSONValue

    func holds(_ member: Member) -> Bool {
      if field == "static_segment" {
        let isMember = member.tags.contains { value.integer == Int64($0.id) || value.text == String($0.id) }
        return (operation == "static_is") == isMember
      }
      let text = (field == "EMAIL" ? member.email : member.mergeFields[field]?.text ?? "").lowercased()
      let wanted = (value.text ?? value.integer.map(String.init) ?? "").lowercased()
      return switch operation {
      case "is": text == wanted
      case "not": text != wanted
      case "contains": text.contains(wanted)
      case "notcontain": !text.contains(wanted)
      case "starts": text.hasPrefix(wanted)
      case "ends": text.hasSuffix(wanted)
      case "blank": text.isEmpty
      default: !text.isEmpty
      }
    }
  }

  /// Reads `options`, or `segment_opts` of a campaign.
  ///
  /// - Throws: an invalid resource for a condition of a kind that the simulator cannot judge.
  init(_ value: JSONValue) throws(MailchimpProblem) {
    json = value
    isAll = value["match"]?.text == "all"
    var tests: [Test] = []
    for (index, condition) in (value["conditions"]?.elements ?? []).enumerated() {
      let place = "options.conditions.item:\(index)"
      let field = condition["field"]?.text ?? ""
      let operation = condition["op"]?.text ?? ""
      let known = field == "static_segment" ? Self.staticOperators : Self.textOperators
      guard !field.isEmpty else { throw .invalid(place, "A condition needs a field.") }
      guard known.contains(operation) else {
        throw .invalid(place + ".op", "Value must be one of: \(known.joined(separator: ", "))")
      }
      tests.append(Test(field: field, operation: operation, value: condition["value"] ?? ""))
    }
    self.tests = tests
  }

  func admit(_ member: Member) -> Bool {
    isAll ? tests.allSatisfy { $0.holds(member) } : tests.contains { $0.holds(member) }
  }
}
