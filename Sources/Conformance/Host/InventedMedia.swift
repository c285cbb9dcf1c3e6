internal import ConnectorModel
internal import Ports

/// Media that an input names by `{"$blob": 1, "size": …}`: nobody's bytes, and always the same.
enum InventedMedia {
  /// More than any platform takes in one piece.
  private static let mostBytes: Int64 = 64 << 20

  /// The blobs of an input by their numbers.
  static func blobs(in input: [UInt8]) -> OperationBlobs {
    guard ByteSearch.contains(#""$blob""#, in: input),
      let value = try? StableJSON.decode(JSONValue.self, from: input)
    else { return OperationBlobs() }
    var found: [UInt64: StoredBlob] = [:]
    for named in named(in: value) { found[named.number] = named.blob }
    return OperationBlobs(found)
  }

  /// How many bytes each has.
  static func sizes(in input: [UInt8]) -> [UInt64: UInt64] {
    guard let value = try? StableJSON.decode(JSONValue.self, from: input) else { return [:] }
    return Dictionary(named(in: value).map { ($0.number, $0.blob.size) }) { first, _ in first }
  }

  /// The input with media of `size` bytes.
  static func resized(_ input: [UInt8], to size: UInt64) -> [UInt8] {
    func resized(_ value: JSONValue) -> JSONValue {
      switch value {
      case .array(let elements): return .array(elements.map(resized))
      case .object(var members):
        if members["$blob"] != nil { members["size"] = .integer(Int64(clamping: size)) }
        return .object(members.mapValues(resized))
      case .null, .bool, .integer, .decimal, .string: return value
      }
    }
    guard let value = try? StableJSON.decode(JSONValue.self, from: input) else { return input }
    return (try? StableJSON.encode(resized(value))) ?? input
  }

  private static func named(in value: JSONValue) -> [(number: UInt64, blob: StoredBlob)] {
    switch value {
    case .array(let elements): return elements.flatMap(named)
    case .object(let members):
      guard let number = value["$blob"]?.integer.flatMap(UInt64.init(exactly:)),
        let size = value["size"]?.integer, (0...mostBytes).contains(size)
      else { return members.values.flatMap(named) }
      let blob = StoredBlob(
        .bytes([UInt8](repeating: 0x5A, count: Int(size))), size: UInt64(size),
        type: value["type"]?.text ?? "application/octet-stream", sha256: value["sha256"]?.text ?? "")
      return [(number, blob)]
    case .null, .bool, .integer, .decimal, .string: return []
    }
  }
}
