internal import ConnectorModel

/// One file of the file manager.
struct StoredFile: Sendable {
  let id: Int
  var name: String
  var folderID: String
  let created: SandboxInstant
  let url: String
  let bytes: [UInt8]
  let shape: ImageShape?

  /// What one upload may hold.
  static let mostBytes = 10 * 1024 * 1024
  static let schema = ObjectSchema(
    ["name": .string, "file_data": .string, "folder_id": .integer], required: ["name", "file_data"])
  /// What may be uploaded, with its media type.
  static let kinds: [String: String] = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp",
    "webp": "image/webp", "svg": "image/svg+xml", "pdf": "application/pdf", "txt": "text/plain",
    "csv": "text/csv", "html": "text/html", "zip": "application/zip", "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "mp3": "audio/mpeg",
    "mp4": "video/mp4", "ics": "text/calendar",
  ]

  static func ending(of name: String) -> String {
    name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
  }

  var mediaType: String { Self.kinds[Self.ending(of: name)] ?? "application/octet-stream" }
  var isImage: Bool { mediaType.hasPrefix("image/") }

  func body(_ call: MailchimpCall) -> JSONValue {
    var members: [String: JSONValue] = [
      "id": .number(id), "folder_id": .integer(Int64(folderID) ?? 0),
      "type": .string(isImage ? "image" : "file"), "name": .string(name), "full_size_url": .string(url),
      "size": .number(bytes.count), "created_at": .string(created.iso8601),
      "created_by": .string(MailchimpAccount.name),
      "_links": call.itemLinks("/file-manager/files/\(id)", schema: "FileManager/Files"),
    ]
    if isImage {
      members["thumbnail_url"] = .string(url)
      members["width"] = .number(shape?.width ?? 0)
      members["height"] = .number(shape?.height ?? 0)
    }
    return .object(members)
  }

  static func example(_ now: SandboxInstant) -> StoredFile {
    StoredFile(id: 0, name: "a.png", folderID: "", created: now, url: "", bytes: [], shape: nil)
  }
}

/// Width and height of an image, read from its first bytes.
struct ImageShape: Sendable, Equatable {
  let width: Int
  let height: Int

  /// Nil for what is no PNG, GIF or JPEG.
  init?(_ bytes: [UInt8]) {
    func big(_ place: Int) -> Int { Int(bytes[place]) << 8 | Int(bytes[place + 1]) }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), bytes.count >= 24 {
      self.init(width: big(16) << 16 | big(18), height: big(20) << 16 | big(22))
    } else if bytes.starts(with: Array("GIF8".utf8)), bytes.count >= 10 {
      self.init(width: Int(bytes[6]) | Int(bytes[7]) << 8, height: Int(bytes[8]) | Int(bytes[9]) << 8)
    } else if bytes.starts(with: [0xFF, 0xD8]) {
      var place = 2
      while place + 9 < bytes.count, bytes[place] == 0xFF {
        let marker = bytes[place + 1]
        // The frame headers, without the tables that have numbers among theirs.
        if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
          self.init(width: big(place + 7), height: big(place + 5))
          return
        }
        place += 2 + big(place + 2)
      }
      return nil
    } else {
      return nil
    }
  }

  private init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
