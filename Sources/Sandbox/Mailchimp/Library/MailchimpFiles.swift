internal import ConnectorModel

internal import struct FoundationEssentials.Data

// The file manager: files come as base64 inside JSON and are served by a host of their own.
extension Mailchimp {
  static let fileHost = "mcusercontent.com"

  func files(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let type = try call.choice("type", ["image", "file", "all"]) ?? "all"
    let created = try call.window("created_at")
    var found = library.files.filter { file in
      (type == "all" || (type == "image") == file.isImage) && created.contains(file.created)
    }
    if let field = try call.choice("sort_field", ["added_date", "name", "size"]) {
      let isAscending = try call.choice("sort_dir", ["ASC", "DESC"]) == "ASC"
      found.sort { left, right in
        let (first, second) = isAscending ? (left, right) : (right, left)
        return switch field {
        case "name": first.name < second.name
        case "size": first.bytes.count < second.bytes.count
        default: first.created < second.created
        }
      }
    }
    let total = library.files.reduce(0) { $0 + $1.bytes.count }
    return try call.collection(
      "files", found.map { $0.body(call) }, like: StoredFile.example(call.now).body(call),
      at: "/file-manager/files", schema: "FileManager/Files", extra: ["total_file_size": .number(total)])
  }

  func file(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    fileAnswer(library.files[try fileIndex(call)], call)
  }

  mutating func uploadFile(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let fields = try call.resource(StoredFile.schema)
    let name = fields["name"]?.text ?? ""
    let ending = StoredFile.ending(of: name)
    guard let mediaType = StoredFile.kinds[ending] else {
      throw .invalid("name", "This file type is not supported.")
    }
    guard let data = Data(base64Encoded: fields["file_data"]?.text ?? ""), !data.isEmpty else {
      throw .invalid("file_data", "The file's data must be base64-encoded.")
    }
    guard data.count <= StoredFile.mostBytes else {
      throw .invalid("file_data", "The file is larger than \(StoredFile.mostBytes) bytes.")
    }
    let bytes = [UInt8](data)
    let shape = ImageShape(bytes)
    guard shape != nil || !["image/png", "image/jpeg", "image/gif"].contains(mediaType) else {
      throw .invalid("file_data", "The data is no \(ending) image.")
    }
    let folder = try folderID(fields)
    let place = mediaType.hasPrefix("image/") ? "images" : "files"
    let file = StoredFile(
      id: library.fileID(), name: name, folderID: folder, created: call.now,
      url: "https://\(Self.fileHost)/\(MailchimpAccount.accountID)/\(place)/\(identifiers.uuid()).\(ending)",
      bytes: bytes, shape: shape)
    library.files.append(file)
    return fileAnswer(file, call)
  }

  mutating func updateFile(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try fileIndex(call)
    let changes = try call.resource(StoredFile.schema, isPartial: true)
    if let name = changes["name"]?.text {
      guard StoredFile.ending(of: name) == StoredFile.ending(of: library.files[index].name) else {
        throw .invalid("name", "A file keeps its type.")
      }
      library.files[index].name = name
    }
    if changes["folder_id"] != nil { library.files[index].folderID = try folderID(changes) }
    return fileAnswer(library.files[index], call)
  }

  mutating func deleteFile(_ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    library.files.remove(at: try fileIndex(call))
    return .nothing
  }

  private func folderID(_ fields: [String: JSONValue]) throws(MailchimpProblem) -> String {
    let id = fields["folder_id"]?.integer.map(String.init) ?? ""
    guard library.hasFolder(id, .files) else { throw .invalid("folder_id", "The folder does not exist.") }
    return id == "0" ? "" : id
  }

  private func fileIndex(_ call: MailchimpCall) throws(MailchimpProblem) -> Int {
    let id = try call.number("file")
    guard let index = library.files.firstIndex(where: { $0.id == id }) else { throw .notFound }
    return index
  }

  private func fileAnswer(_ file: StoredFile, _ call: MailchimpCall) -> MailchimpAnswer {
    .body(file.body(call), shape: StoredFile.example(call.now).body(call), schema: "FileManager/Files")
  }
}
