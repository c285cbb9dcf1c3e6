internal import ConnectorModel

/// The faults that wait for a request, in the order of their injection.
struct FaultBook: Sendable {
  private(set) var entries: [Entry] = []
  private var issued = 0

  struct Entry: Sendable {
    let id: String
    let fault: SandboxFault
    /// Requests that matched and reached this fault.
    var seen = 0
    /// Requests it hit.
    var hits = 0

    var isSpent: Bool { fault.times.map { hits >= $0 } ?? false }

    var json: JSONValue {
      fault.json.merging(["id": .string(id), "seen": .number(seen), "hits": .number(hits)])
    }
  }

  mutating func add(_ fault: SandboxFault) -> String {
    issued += 1
    let id = "flt_\(issued)"
    entries.append(Entry(id: id, fault: fault))
    return id
  }

  /// Returns whether there was one of that id.
  mutating func remove(id: String) -> Bool {
    let count = entries.count
    entries.removeAll { $0.id == id }
    return entries.count < count
  }

  mutating func removeAll() { entries = [] }

  /// The fault that hits this request, if any: the first that matches, is not spent and has skipped enough.
  ///
  /// A request that a fault lets pass is seen by the next one.
  mutating func strike(_ request: SandboxRequest) -> Entry? {
    for index in entries.indices where !entries[index].isSpent && entries[index].fault.matches(request) {
      entries[index].seen += 1
      if entries[index].seen > entries[index].fault.skip {
        entries[index].hits += 1
        return entries[index]
      }
    }
    return nil
  }
}
