internal import struct FoundationEssentials.Data
internal import class FoundationEssentials.JSONDecoder
internal import class FoundationEssentials.JSONEncoder

/// JSON as this project writes it: sorted keys, so that equal values are equal bytes in every process.
public enum StableJSON {
  public static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(value))
  }

  public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    // Generic code that happens to ask for any JSON gets the reader too, which is several times as fast.
    if type == JSONValue.self, let value = try decode(JSONValue.self, from: bytes) as? Value { return value }
    return try JSONDecoder().decode(type, from: Data(bytes))
  }
}
