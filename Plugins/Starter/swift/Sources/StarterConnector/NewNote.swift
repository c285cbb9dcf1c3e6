import ConnectorKit

/// The input of `note.publish`.
struct NewNote: Decodable {
  var text: String

  /// The result of `note.publish`.
  struct Published: Codable, Equatable { var id: NoteID }

  private struct Order: Encodable {
    /// By which the note is found again.
    var reference: String
    var text: String
  }

  private struct Search: Encodable { var reference: String }

  /// Writes the note once; when an earlier attempt may have written it, looks first.
  func publish(_ context: OperationContext) async throws -> Published {
    guard !text.isEmpty else { throw OperationError(.invalidInput, "text is empty", pointer: "/text") }
    if context.mustReconcile, let found = try await find(context) { return found }
    let order = Order(reference: context.idempotencyKey, text: text)
    let answer = try await context.http(.api("POST", "/notes", .json(try StableJSON.encode(order))))
    do {
      return try answer.json()
    } catch {
      // A note was created, and nobody can tell which: the next attempt has to look.
      throw OperationError(
        .unknownOutcome, "the platform's answer names no note", retry: .unknownOutcome,
        httpStatus: answer.status)
    }
  }

  private func find(_ context: OperationContext) async throws -> Published? {
    let search = Search(reference: context.idempotencyKey)
    do {
      return try await context.http(.api("POST", "/notes/find", .json(try StableJSON.encode(search)))).json()
    } catch let error as PlatformError where error.code == .notFound {
      return nil
    }
  }
}
