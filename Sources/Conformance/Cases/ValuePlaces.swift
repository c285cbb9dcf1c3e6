internal import ConnectorModel

/// Where values stand in what an operation sent and gave, so that two runs can be compared place by place.
struct ValuePlaces {
  /// Such as `request 1 POST /at` for a member of a body, `request 1 GET ?since` for one of a query.
  var sent: [String: JSONValue] = [:]
  /// Such as `result /at` and `record 2 /at`.
  var given: [String: JSONValue] = [:]
  /// Texts that stand in paths: names of things, which platforms do not take in every form.
  var inPaths: Set<String> = []

  init(_ report: SteppedReport) {
    for (index, exchange) in report.exchanges.enumerated() {
      let place = "request \(index + 1) \(exchange.request.method)"
      let pieces = URLPieces(exchange.request.url)
      for parameter in pieces.query { sent["\(place) ?\(parameter.name)"] = .string(parameter.value) }
      inPaths.formUnion(pieces.path)
      let body = exchange.request.body?.inlineBytes
      guard let value = body.flatMap({ try? StableJSON.decode(JSONValue.self, from: $0) }) else { continue }
      for (pointer, leaf) in Self.leaves(of: value) { sent["\(place) \(pointer)"] = leaf }
    }
    if let result = report.result {
      for (pointer, leaf) in Self.leaves(of: result) { given["result \(pointer)"] = leaf }
    }
    for (index, record) in report.recordValues.enumerated() {
      for (pointer, leaf) in Self.leaves(of: record) { given["record \(index + 1) \(pointer)"] = leaf }
    }
  }

  /// Every text, number and truth value with a pointer to it.
  static func leaves(of value: JSONValue, at pointer: String = "") -> [(pointer: String, value: JSONValue)] {
    switch value {
    case .array(let elements):
      elements.enumerated().flatMap { leaves(of: $0.element, at: "\(pointer)/\($0.offset)") }
    case .object(let members):
      members.sorted { $0.key < $1.key }.flatMap { leaves(of: $0.value, at: "\(pointer)/\($0.key)") }
    case .null, .bool, .integer, .decimal, .string: [(pointer, value)]
    }
  }

  /// The leaf as people read it.
  static func text(_ leaf: JSONValue) -> String {
    leaf.text ?? String(decoding: (try? StableJSON.encode(leaf)) ?? [], as: UTF8.self)
  }

  /// The value with another leaf at `pointer`.
  static func replacing(_ pointer: String, in value: JSONValue, by leaf: JSONValue, at place: String = "")
    -> JSONValue
  {
    switch value {
    case .array(let elements):
      .array(
        elements.enumerated().map {
          replacing(pointer, in: $0.element, by: leaf, at: "\(place)/\($0.offset)")
        })
    case .object(let members):
      .object(
        Dictionary(
          uniqueKeysWithValues: members.map {
            ($0.key, replacing(pointer, in: $0.value, by: leaf, at: "\(place)/\($0.key)"))
          }))
    case .null, .bool, .integer, .decimal, .string: place == pointer ? leaf : value
    }
  }
}
