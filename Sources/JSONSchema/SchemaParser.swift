internal import ConnectorModel

/// Turns a JSON document into schema nodes, collecting every fault on the way.
struct SchemaParser {
  static let annotations: Set<String> = [
    "$schema", "$id", "title", "description", "default", "examples", "$comment", "deprecated",
  ]

  let vocabulary: JSONSchema.Vocabulary
  private(set) var faults: [JSONSchemaError.Fault] = []
  private var nodes: [SchemaNode] = []
  private var positions: [String: Int] = [:]
  private var references: [(node: Int, target: String, at: String)] = []
  private var depth = 0

  init(vocabulary: JSONSchema.Vocabulary) { self.vocabulary = vocabulary }

  mutating func parse(_ document: JSONValue) -> Int { node(document, at: "") }

  /// The nodes, their references resolved.
  mutating func finish() throws(JSONSchemaError) -> [SchemaNode] {
    for reference in references {
      if let target = positions[reference.target] {
        nodes[reference.node].reference = target
      } else {
        fault(reference.at, "$ref leads to \"#\(reference.target)\", where no schema stands")
      }
    }
    reportCircles()
    guard faults.isEmpty else { throw JSONSchemaError(faults: faults) }
    return nodes
  }

  mutating func fault(_ pointer: String, _ message: String) {
    faults.append(.init(pointer: pointer, message: message))
  }

  mutating func node(_ document: JSONValue, at pointer: String) -> Int {
    let position = nodes.count
    nodes.append(SchemaNode())
    positions[pointer] = position
    depth += 1
    defer { depth -= 1 }
    guard depth <= 64 else {
      fault(pointer, "schemas may nest 64 levels; use $defs")
      return position
    }
    switch document {
    case .bool(let verdict):
      nodes[position].verdict = verdict
    case .object(let members):
      var node = SchemaNode()
      for (keyword, value) in members.sorted(by: { $0.key < $1.key }) {
        let at = pointer + "/" + JSONPointer.escape(keyword)
        if keyword == "$ref" {
          refer(from: position, to: value, at: at)
        } else if !read(keyword, value, into: &node, at: at) {
          fault(
            at, "the keyword \"\(keyword)\" is not supported; remove it or say it with the supported ones")
        }
      }
      nodes[position] = node
    default:
      fault(pointer, "a schema is an object, true or false")
    }
    return position
  }

  private mutating func refer(from node: Int, to value: JSONValue, at pointer: String) {
    guard let text = value.text, let target = JSONPointer.pointer(ofReference: text) else {
      fault(pointer, "$ref must be local, such as \"#/$defs/name\"")
      return
    }
    references.append((node, target, pointer))
  }

  /// Reports schemas that lead back to themselves before any member or element is entered.
  private mutating func reportCircles() {
    enum Mark { case open, done }
    var marks: [Int: Mark] = [:]
    var circular: Set<Int> = []
    func visit(_ node: Int) {
      marks[node] = .open
      for next in nodes[node].inPlace {
        switch marks[next] {
        case .open: circular.insert(next)
        case .done: continue
        case nil: visit(next)
        }
      }
      marks[node] = .done
    }
    for node in nodes.indices where marks[node] == nil { visit(node) }
    for (pointer, node) in positions.sorted(by: { $0.key < $1.key }) where circular.contains(node) {
      fault(pointer, "the schema refers to itself without entering a member or element; it has no meaning")
    }
  }
}
