internal import ConnectorModel
internal import Ports

extension Upload {
  static let schema = Schema.object([
    ("uploadId", .text), ("size", Schema.integer().described("Bytes.")),
    ("type", Schema.text.described("What the bytes show, not what the request said.")),
    ("sha256", .text), ("width", Schema.integer().orNull.described("Pixels.")),
    ("height", Schema.integer().orNull.described("Pixels.")),
    ("durationMs", Schema.integer().orNull),
    ("createdAt", .instant),
  ]).named("Upload")

  var json: JSONValue {
    [
      "uploadId": .string(id), "size": .integer(Int64(clamping: blob.size)),
      "type": .string(blob.type),
      "sha256": .string(blob.sha256), "width": Self.number(blob.width),
      "height": Self.number(blob.height),
      "durationMs": Self.number(blob.durationMilliseconds),
      "createdAt": JSONValue(instant: createdAt),
    ]
  }

  private static func number(_ value: Int?) -> JSONValue {
    value.map { .integer(Int64($0)) } ?? .null
  }
}
