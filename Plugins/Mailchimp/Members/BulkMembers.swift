import ConnectorKit

/// Many members at once, in chunks; whoever could not be stored is told by place, never left out.
struct BulkMembers {
  /// What the platform takes at once.
  static let chunk = 500

  private static let member: [Field] =
    [MemberActions.email] + MemberActions.facts + [MemberActions.tags]

  private struct Answer: Decodable {
    struct Entry: Decodable { var email_address: String? }

    struct Failure: Decodable {
      var email_address: String?
      var error: String?
      var error_code: String?
      var field: String?
      var field_message: String?
    }

    var new_members: [Entry]?
    var updated_members: [Entry]?
    var errors: [Failure]?
    var total_created: Int
    var total_updated: Int
  }

  struct Output: Encodable {
    struct Failure: Encodable {
      /// Of the member in the input; missing for an address that was not among them.
      var index: Int?
      var email: String?
      var error: String?
      var code: String?
      var field: String?
      var fieldMessage: String?
    }

    var total: Int
    /// How many have an outcome; fewer than `total` only beside an error.
    var handled = 0
    var created = 0
    var updated = 0
    var failures: [Failure] = []
  }

  private let list: String
  private let members: [JSONValue]
  private let options: JSONValue
  private let query: String
  private let api: API

  private var output: Output

  static func store(_ input: JSONValue, _ context: OperationContext) async throws -> Output {
    var bulk = try BulkMembers(input, context)
    return try await bulk.run()
  }

  /// - Throws: `OperationError` with code `invalidInput` that points at the first member that cannot be one.
  private init(_ input: JSONValue, _ context: OperationContext) throws {
    let path: ResourcePath = "/lists/{audience}"
    list = try path.fill(input)
    let written = try [Field("members", .list(.object(Self.member))).required].write(input)
    members = written["members"]?.elements ?? []
    guard !members.isEmpty else { throw Field.refusal("/members", "is empty") }
    options = try [Field("updateExisting", .flag), Field("syncTags", .flag)].write(input)
    let switches = [Field("skipMergeValidation", .flag), Field("skipDuplicateCheck", .flag)]
    var query = Query()
    query.add(try switches.write(input), in: switches)
    self.query = query.text
    api = API(context, subject: "/audience")
    output = Output(total: members.count)
  }

  private mutating func run() async throws -> Output {
    for start in stride(from: 0, to: members.count, by: Self.chunk) {
      do {
        try await store(from: start)
      } catch let error as OperationError where start > 0 {
        throw try told(error)
      }
    }
    return output
  }

  private mutating func store(from start: Int) async throws {
    let part = Array(members[start..<min(start + Self.chunk, members.count)])
    let response = try await post(part)
    let answer: Answer
    do {
      answer = try response.json()
    } catch let error as OperationError {
      throw OperationError(
        .unknownOutcome, "POST \(list): \(error.message)", retry: .unknownOutcome, httpStatus: response.status
      )
    }
    output.created += answer.total_created
    output.updated += answer.total_updated
    output.handled += part.count
    output.failures += Self.failures(answer, part, start)
  }

  /// The same members again change nothing where existing ones are updated, so such a chunk is sent once more.
  private func post(_ part: [JSONValue]) async throws -> HTTPResponse {
    let body = options.adding("members", .array(part))
    do {
      return try await api.send("POST", list + query, body)
    } catch let error as OperationError
      where error.code == .unknownOutcome && options["update_existing"] == true
    {
      // A look at the audience in between: where that fails too, nothing is gained by trying again.
      let _: JSONValue = try await error.settled { try await api.get("\(list)?fields=id,stats.member_count") }
      return try await api.send("POST", list + query, body)
    }
  }

  /// Finds the member that each entry is about: the first of its address that has no outcome yet.
  ///
  /// Mailchimp says nothing of a member that it skips as a duplicate; that too is told.
  private static func failures(_ answer: Answer, _ part: [JSONValue], _ start: Int) -> [Output.Failure] {
    var open: [String: [Int]] = [:]
    for (index, member) in part.enumerated() {
      open[key(member["email_address"]?.text), default: []].append(start + index)
    }
    func take(_ email: String?) -> Int? {
      let email = key(email)
      return open[email, default: []].isEmpty ? nil : open[email]?.removeFirst()
    }
    for stored in (answer.new_members ?? []) + (answer.updated_members ?? []) {
      _ = take(stored.email_address)
    }
    var failures = (answer.errors ?? []).map { failure in
      Output.Failure(
        index: take(failure.email_address), email: failure.email_address, error: failure.error,
        code: failure.error_code, field: failure.field, fieldMessage: failure.field_message)
    }
    for place in open.values.joined() {
      failures.append(
        Output.Failure(
          index: place, email: part[place - start]["email_address"]?.text,
          error: "Mailchimp did not say what became of this member; most likely its address is there twice.",
          code: "NOT_REPORTED"))
    }
    return failures.sorted { $0.index ?? .max < $1.index ?? .max }
  }

  private static func key(_ email: String?) -> String { email?.lowercased() ?? "" }

  /// An error that tells what the chunks before it did.
  private func told(_ error: OperationError) throws -> OperationError {
    var error = error
    error.message += "; the first \(output.handled) of \(members.count) members were handled"
    if error.detail.isEmpty { error.detail = try StableJSON.encode(output) }
    return error
  }
}
