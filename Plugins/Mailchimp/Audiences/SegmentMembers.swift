import ConnectorKit

/// Moves addresses into a static segment and out of it.
enum SegmentMembers {
  private struct Body: Encodable {
    var members_to_add: [String]
    var members_to_remove: [String]
  }

  struct Input: Decodable {
    var audience: Identifier
    var segmentId: Int64
    var add: [String]?
    var remove: [String]?
  }

  private struct Answer: Decodable {
    struct Failure: Decodable {
      var email_addresses: [String]?
      var error: String?
    }
    var total_added: Int
    var total_removed: Int
    var errors: [Failure]?
  }

  struct Output: Codable, Equatable {
    struct Failure: Codable, Equatable {
      var email: String
      var error: String
    }
    var added = 0
    var removed = 0
    /// In the order of the platform's answers.
    var failures: [Failure] = []
  }

  /// Doing it again changes nothing, so a chunk whose outcome is unknown is sent once more by the host.
  static func update(_ input: Input, _ context: OperationContext) async throws -> Output {
    let (add, remove) = (input.add ?? [], input.remove ?? [])
    guard !add.isEmpty || !remove.isEmpty else {
      throw OperationError(.invalidInput, "the input names nobody to add or remove", pointer: "/add")
    }
    let api = API(context, subject: "/segmentId")
    let url = "/lists/\(input.audience)/segments/\(input.segmentId)"
    var output = Output()
    for start in stride(from: 0, to: max(add.count, remove.count), by: BulkMembers.chunk) {
      let body = Body(
        members_to_add: Array(add.dropFirst(start).prefix(BulkMembers.chunk)),
        members_to_remove: Array(remove.dropFirst(start).prefix(BulkMembers.chunk)))
      let answer: Answer = try await api.post(url, body).json()
      output.added += answer.total_added
      output.removed += answer.total_removed
      for failure in answer.errors ?? [] {
        output.failures += (failure.email_addresses ?? []).map {
          Output.Failure(email: $0, error: failure.error ?? "no reason given")
        }
      }
    }
    return output
  }
}
