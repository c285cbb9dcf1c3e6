internal import ConnectorModel

/// What campaigns are made of and sorted by: templates, files, folders.
struct MailchimpLibrary: Sendable {
  var templates: [Template] = []
  var files: [StoredFile] = []
  var folders: [Folder] = []
  private var lastTemplateID = 10_000_500
  private var lastFileID = 5_302_000

  /// One folder of campaigns, of templates or of files.
  struct Folder: Sendable {
    let id: String
    let kind: Kind
    var name: String
    let created: SandboxInstant

    enum Kind: String, Sendable {
      case campaigns = "campaign-folders"
      case templates = "template-folders"
      case files = "file-manager/folders"
    }
  }

  mutating func templateID() -> Int {
    lastTemplateID += 4
    return lastTemplateID
  }

  /// The number of a new file or of a new folder of files.
  mutating func fileID() -> Int {
    lastFileID += 4
    return lastFileID
  }

  func hasFolder(_ id: String, _ kind: Folder.Kind) -> Bool {
    id.isEmpty || id == "0" || folders.contains { $0.id == id && $0.kind == kind }
  }

  /// The host that serves files: anybody may read them.
  func download(_ request: SandboxRequest) -> SandboxResponse {
    let url = "https://\(Mailchimp.fileHost)\(request.path)"
    guard request.method == "GET" || request.method == "HEAD",
      let file = files.first(where: { $0.url == url })
    else {
      return SandboxResponse(
        status: 404, headers: [NamedText("Content-Type", "text/html")],
        body: Array("<html><body>Not Found</body></html>".utf8))
    }
    return SandboxResponse(
      status: 200, headers: [NamedText("Content-Type", file.mediaType)], body: file.bytes)
  }
}
