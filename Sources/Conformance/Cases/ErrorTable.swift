internal import ConnectorModel
internal import Manifest
internal import Ports

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Error bodies of a platform as its authors know them, each with the code that callers must see.
///
/// docs/conformance.md describes the file.
enum ErrorTable {
  struct Row: Sendable {
    /// One line for people.
    var about: String
    /// The transcript whose request meets it.
    var transcript: String
    /// Which request, from 1.
    var request = 1
    var status: Int
    var headers: [HeaderField]
    var body: [UInt8]
    var code: OutcomeCode
    /// Nil for anything.
    var platformCode: String?
    /// Texts that stand together in one element of the result, for each of many that the platform did not take.
    var items: [Set<String>] = []

    var answer: TransportResult {
      .answered(TransportAnswer(status: status, headers: headers, body: body))
    }
  }

  /// Reads a table; nil when there is none.
  static func read(_ path: String) throws(TranscriptFault) -> [Row]? {
    guard let data = try? Data(contentsOf: URL(filePath: path)) else { return nil }
    guard let value = try? StableJSON.decode(JSONValue.self, from: [UInt8](data)) else {
      throw TranscriptFault(what: "\(path) is not JSON")
    }
    guard case .integer(1)? = value["errors"], let rows = value["rows"]?.elements else {
      throw TranscriptFault(what: "\(path) is not `{\"errors\": 1, \"rows\": […]}`")
    }
    var table: [Row] = []
    for (index, row) in rows.enumerated() { table.append(try Row(row, "rows[\(index)]")) }
    return table
  }
}

extension ErrorTable.Row {
  fileprivate init(_ value: JSONValue, _ place: String) throws(TranscriptFault) {
    guard case .object(let members) = value else { throw TranscriptFault(what: "\(place) is not an object") }
    let known: Set = [
      "about", "transcript", "request", "status", "headers", "json", "text", "code", "platformCode",
      "items",
    ]
    if let unknown = members.keys.filter({ !known.contains($0) }).min() {
      throw TranscriptFault(what: "\(place) has the unknown member `\(unknown)`")
    }
    guard let name = value["transcript"]?.text, case .integer(let number)? = value["status"],
      let code = value["code"]?.text.flatMap(OutcomeCode.init(name:))
    else { throw TranscriptFault(what: "\(place) needs `transcript`, `status` and `code`") }
    transcript = name
    status = Int(number)
    self.code = code
    about = value["about"]?.text ?? "\(number) in \(name)"
    if case .integer(let request)? = value["request"] { self.request = Int(request) }
    headers = [HeaderField("content-type", "application/json")]
    if case .object(let given)? = value["headers"] {
      headers = given.sorted { $0.key < $1.key }.map {
        HeaderField($0.key.lowercased(), $0.value.text ?? "")
      }
    }
    body = Array((value["text"]?.text ?? "").utf8)
    if let json = value["json"] { body = (try? StableJSON.encode(json)) ?? [] }
    platformCode = value["platformCode"]?.text
    for item in value["items"]?.elements ?? [] { items.append(Set((item.elements ?? []).compactMap(\.text))) }
    if items.contains(where: \.isEmpty) || (!items.isEmpty && self.code != .ok) {
      throw TranscriptFault(what: "\(place) needs `code` ok and lists of texts as `items`")
    }
  }
}
