internal import ConnectorModel

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// What a child does besides the cases: it is confined and watched like one, and told what to do by a file.
enum ChildTask {
  static let all: [ConformanceCase] = [ReplayTask.test, FuzzTask.test]

  static func named(_ id: String) -> ConformanceCase? { all.first { $0.id == id } }

  /// The file in which a parent says what to do.
  private static let order = "order.json"

  static func write(_ order: some Encodable, to scratch: String) -> Bool {
    guard let bytes = try? StableJSON.encode(order) else { return false }
    return (try? Data(bytes).write(to: URL(filePath: "\(scratch)/\(Self.order)"))) != nil
  }

  /// - Throws: `failed` when the parent left none.
  static func order<Order: Decodable>(_ run: CaseRun, _ type: Order.Type) throws(CaseStop) -> Order {
    guard let data = try? Data(contentsOf: URL(filePath: "\(run.scratch)/\(order)")),
      let order = try? StableJSON.decode(type, from: [UInt8](data))
    else {
      run.find("-", expected: "an order beside the copy", happened: "there is none that can be read")
      throw .failed
    }
    return order
  }
}
