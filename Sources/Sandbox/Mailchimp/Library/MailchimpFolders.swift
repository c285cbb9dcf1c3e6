internal import ConnectorModel

// Folders of campaigns, templates and files: three kinds, one behaviour.
extension Mailchimp {
  typealias FolderKind = MailchimpLibrary.Folder.Kind
  private static let schema = ObjectSchema(["name": .string], required: ["name"])

  func folders(_ kind: FolderKind, _ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    let found = library.folders.filter { $0.kind == kind }
    let example = MailchimpLibrary.Folder(id: "0", kind: kind, name: "", created: call.now)
    return try call.collection(
      "folders", found.map { body(of: $0, call) }, like: body(of: example, call), at: "/" + kind.rawValue,
      schema: "Folders")
  }

  func folder(_ kind: FolderKind, _ call: MailchimpCall) throws(MailchimpProblem) -> MailchimpAnswer {
    .body(body(of: library.folders[try folderIndex(kind, call)], call), schema: "Folders")
  }

  mutating func createFolder(
    _ kind: FolderKind, _ call: MailchimpCall
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    let name = try call.resource(Self.schema)["name"]?.text ?? ""
    guard (1...100).contains(name.count) else {
      throw .invalid("name", "A folder's name has 1 to 100 characters.")
    }
    let id = kind == .files ? String(library.fileID()) : identifiers.short()
    let folder = MailchimpLibrary.Folder(id: id, kind: kind, name: name, created: call.now)
    library.folders.append(folder)
    return .body(body(of: folder, call), schema: "Folders")
  }

  mutating func updateFolder(
    _ kind: FolderKind, _ call: MailchimpCall
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    let index = try folderIndex(kind, call)
    let name = try call.resource(Self.schema)["name"]?.text ?? ""
    guard (1...100).contains(name.count) else {
      throw .invalid("name", "A folder's name has 1 to 100 characters.")
    }
    library.folders[index].name = name
    return .body(body(of: library.folders[index], call), schema: "Folders")
  }

  /// What is in it stays and lies in no folder then.
  mutating func deleteFolder(
    _ kind: FolderKind, _ call: MailchimpCall
  ) throws(MailchimpProblem) -> MailchimpAnswer {
    let removed = library.folders.remove(at: try folderIndex(kind, call))
    switch kind {
    case .files:
      for index in library.files.indices where library.files[index].folderID == removed.id {
        library.files[index].folderID = ""
      }
    case .templates:
      for index in library.templates.indices where library.templates[index].folderID == removed.id {
        library.templates[index].folderID = ""
      }
    case .campaigns:
      for index in campaigns.indices where campaigns[index].setting("folder_id") == removed.id {
        campaigns[index].fields["settings"] = campaigns[index].fields["settings"]?.merging(["folder_id": ""])
      }
    }
    return .nothing
  }

  private func folderIndex(_ kind: FolderKind, _ call: MailchimpCall) throws(MailchimpProblem) -> Int {
    let id = call.parameter("folder")
    guard let index = library.folders.firstIndex(where: { $0.kind == kind && $0.id == id }) else {
      throw .notFound
    }
    return index
  }

  private func body(of folder: MailchimpLibrary.Folder, _ call: MailchimpCall) -> JSONValue {
    let links = call.itemLinks("/\(folder.kind.rawValue)/\(folder.id)", schema: "Folders")
    if folder.kind == .files {
      let files = library.files.count { $0.folderID == folder.id }
      return [
        "id": .integer(Int64(folder.id) ?? 0), "name": .string(folder.name), "file_count": .number(files),
        "created_at": .string(folder.created.iso8601), "created_by": .string(MailchimpAccount.name),
        "_links": links,
      ]
    }
    let count =
      folder.kind == .campaigns
      ? campaigns.count { $0.setting("folder_id") == folder.id }
      : library.templates.count { $0.folderID == folder.id }
    return [
      "id": .string(folder.id), "name": .string(folder.name), "count": .number(count), "_links": links,
    ]
  }
}
