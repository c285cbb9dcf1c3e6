import ConnectorKit

/// One operation of a batch, and what became of it.
struct BatchOperation: Decodable {
  var id: String?
  var method: String
  /// Below the API's root.
  var path: String
  var params: [String: JSONValue]?
  /// Sent as text.
  var body: JSONValue?

  private struct Wire: Encodable {
    var operation_id: String
    var method: String
    var path: String
    var params: [String: JSONValue]?
    var body: String?
  }

  /// - Throws: `OperationError` with code `invalidInput` for what no batch can hold.
  func wire(_ operationID: String, at place: String) throws -> some Encodable {
    guard ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(method) else {
      throw Field.refusal("\(place)/method", "is none of GET, POST, PUT, PATCH, DELETE")
    }
    let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    guard path.hasPrefix("/"), isPlain, !path.contains(where: { "?#".contains($0) }), !path.contains(".."),
      !path.hasPrefix("/batches")
    else {
      throw Field.refusal("\(place)/path", "is not a path such as /lists, without a query and not of a batch")
    }
    return Wire(
      operation_id: operationID, method: method, path: path, params: params,
      body: try body.map { String(decoding: try StableJSON.encode($0), as: UTF8.self) })
  }
}
