import ConnectorKit

/// Puts media that the host holds into the file manager, as base64 inside JSON while it is streamed.
enum FileUpload {
  /// In bytes; the platform takes no more at once.
  static let limit: UInt64 = 10 * 1024 * 1024

  struct Input: Decodable {
    /// With the ending that tells its type.
    var name: String
    var folderId: Int64?
    var file: Blob
  }

  private struct Head: Encodable {
    var name: String
    var folder_id: Int64?
  }

  static func run(_ input: Input, _ context: OperationContext) async throws -> JSONValue {
    try check(input)
    let api = API(context, subject: "/folderId")
    let recent = Existing(wire: "files", keys: ["name", "size"], created: "created_at")
    let sent: JSONValue = ["name": .string(input.name), "size": .integer(Int64(input.file.size))]
    if context.mustReconcile, let found = try await recent.find("/file-manager/files", sent, api) {
      return try Library.file.read(found).adding("reconciled", true)
    }
    let answer = try await api.upload("/file-manager/files", try body(input))
    do {
      return try Library.file.read(try answer.json()).adding("reconciled", false)
    } catch let error as OperationError {
      throw OperationError(
        .unknownOutcome, "POST /file-manager/files: \(error.message)", retry: .unknownOutcome,
        httpStatus: answer.status)
    }
  }

  private static func check(_ input: Input) throws(OperationError) {
    let parts = input.name.split(separator: ".")
    guard (2...).contains(parts.count), input.name.count <= 100, !input.name.contains("/") else {
      throw Field.refusal("/name", "is not a file's name with an ending, of 100 characters at most")
    }
    guard (1...limit).contains(input.file.size) else {
      throw Field.refusal("/file", "has \(input.file.size) bytes, and Mailchimp takes 1 to \(limit)")
    }
  }

  /// The JSON up to the file's bytes, those, and what closes it.
  private static func body(_ input: Input) throws -> Payload {
    let head = try StableJSON.encode(Head(name: input.name, folder_id: input.folderId)).dropLast()
    return .concatenation(
      [
        PayloadPart(body: .bytes(head + Array(#","file_data":""#.utf8), contentType: "")),
        PayloadPart(body: input.file.part, base64: true),
        PayloadPart(body: .bytes(Array(#""}"#.utf8), contentType: "")),
      ], contentType: "application/json")
  }
}
