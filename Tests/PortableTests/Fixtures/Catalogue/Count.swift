import ConnectorKit
import FoundationEssentials

struct CountInput: Decodable {
  var shelves: Int
}

struct CountResult: Encodable {
  var revision: String
  var items: Int
  var total: String
  var oldest: Date
  /// Whatever the revision makes of its own fields.
  var extra: [String]
  var names: [String: Int]
}

/// Reads all shelves at once and adds them up, by way of everything that may go wrong with two runtimes:
/// `async let`, task groups, actors, generics, casts, typed catches, JSON of Foundation's types.
struct Count {
  let context: OperationContext

  init(_ context: OperationContext) { self.context = context }

  func run(_ input: CountInput) async throws -> CountResult {
    async let currency = context.http(HTTPRequest(method: "GET", url: "/currency", endpoint: "api"))
    let tally = Tally()
    try await withThrowingTaskGroup(of: Shelf<Item>.self) { group in
      for number in 0..<input.shelves { group.addTask { try await shelf(number) } }
      for try await shelf in group { await tally.add(shelf) }
    }
    try await context.sleep(for: .milliseconds(5))
    guard try await currency.json(String.self) == "EUR" else { throw NotThere(what: "currency") }
    do {
      _ = try await shelf(-1)
    } catch let error as NotThere {
      return try await tally.result(missing: error.what)
    }
    throw OperationError(.internal, "shelf -1 was there")
  }

  private func shelf(_ number: Int) async throws -> Shelf<Item> {
    guard number >= 0 else { throw NotThere(what: "shelf \(number)") }
    let answer = try await context.http(
      HTTPRequest(method: "GET", url: "/shelves/\(number)", endpoint: "api"))
    let read = try Shelf<Item>.read(answer.body.inlineBytes ?? [])
    guard try Shelf<Item>.read(read.written()) == read else { throw NotThere(what: "the same shelf") }
    return read
  }
}

struct NotThere: Error {
  var what: String
}

/// Generic over what the revision calls an item.
struct Shelf<Element: Codable & Sendable & Hashable>: Codable, Sendable, Hashable {
  var name: String
  var items: [Element]

  static func read(_ json: [UInt8]) throws -> Self {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(Self.self, from: Data(json))
  }

  func written() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = .sortedKeys
    return [UInt8](try encoder.encode(self))
  }
}

protocol Priced {
  var cost: Decimal { get }
}

actor Tally {
  private var items: [Item] = []
  private var names: [String: Int] = [:]

  func add(_ shelf: Shelf<Item>) {
    items += shelf.items
    names[shelf.name, default: 0] += Set(shelf.items).count
  }

  func result(missing: String) throws -> CountResult {
    let anything: [Any] = items.map { $0 as Any }
    let total = anything.compactMap { ($0 as? any Priced)?.cost }.reduce(Decimal(0), +)
    return CountResult(
      revision: Revision.name, items: items.count, total: "\(total)",
      oldest: items.map(\.added).min() ?? .distantPast, extra: Revision.extra(of: items) + [missing],
      names: names)
  }
}
