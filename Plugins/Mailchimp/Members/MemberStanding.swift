import ConnectorKit

/// Adding and archiving: both are done already where the member stands as asked.
enum MemberStanding {
  private static let creation = ResourceAction.create(
    "member.add", "/lists/{audience}/members",
    [MemberActions.email, MemberActions.facts[0].required] + MemberActions.facts.dropFirst()
      + [MemberActions.tags], MemberActions.fields)

  /// Adds somebody who is not there.
  ///
  /// - Throws: `OperationError` with code `conflict` for a member; in a later attempt that member is the outcome.
  static func add(_ input: JSONValue, _ context: OperationContext) async throws -> JSONValue {
    if context.mustReconcile, let found = try await earlier(input, context) {
      return found.adding("reconciled", true)
    }
    do {
      return try await creation.run(input, context).adding("reconciled", false)
    } catch let error as OperationError where error.code == .conflict && context.mustReconcile {
      // What the earlier attempt did shows late.
      return try await read(input, context).adding("reconciled", true)
    }
  }

  /// The member, unless there is none or it is archived, which adding would bring back.
  private static func earlier(_ input: JSONValue, _ context: OperationContext) async throws -> JSONValue? {
    do {
      let member = try await read(input, context)
      guard member["status"] == "archived" else { return member }
      return .none
    } catch let error as OperationError where error.code == .notFound {
      return .none
    }
  }

  /// Takes a member out of the audience's mailings; it can be brought back.
  static func archive(_ input: JSONValue, _ context: OperationContext) async throws -> JSONValue {
    let path: ResourcePath = "/lists/{audience}/members/{email}"
    let url = try path.fill(input)
    let api = API(context, subject: "/email")
    do {
      let wasFound = try await api.gone(url) { _ = try await api.send("DELETE", url, nil) }
      return ["archived": true, "found": .bool(wasFound)]
    } catch let error as OperationError where error.code == .invalidState {
      guard try await read(input, context)["status"] == "archived" else { throw error }
      return ["archived": true, "found": false]
    }
  }

  private static func read(_ input: JSONValue, _ context: OperationContext) async throws -> JSONValue {
    try await ResourceAction.read("member.read", "/lists/{audience}/members/{email}", MemberActions.fields)
      .run(input, context)
  }
}
