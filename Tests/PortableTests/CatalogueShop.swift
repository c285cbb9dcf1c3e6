import ConnectorModel
import Ports

/// The platform behind the catalogue: shelves of items, the same for everybody.
///
/// It has all fields of both revisions; each decodes its own.
struct CatalogueShop: HTTPPerformer {
  static let shelves = 4
  static let itemsOnAShelf = 20

  func perform(
    _ request: HTTPRequest, for operation: OperationScope,
    deliver: @escaping @Sendable (PerformedHTTP) -> Void
  ) -> Cancellation {
    let json = Self.answer(to: request.url)
    Task {
      deliver(
        PerformedHTTP(
          answer: HTTPAnswer(outcome: .ok, status: 200, body: .json(Array(json.utf8))), requests: 1))
    }
    return .none
  }

  func operationEnded(_ operation: String) {}

  static func answer(to url: String) -> String {
    guard let number = url.split(separator: "/").last.flatMap({ Int($0) }) else { return #""EUR""# }
    let items = (0..<itemsOnAShelf).map { index in
      """
      {"id": "0E984725-C51C-4BF4-9960-\(padded(number * 100 + index, to: 12))", "price": \(index).25,
       "added": "2026-01-\(padded(index + 1, to: 2))T00:00:0\(number)Z", "tags": ["t\(index % 3)", "ü\\u00e9"],
       "picture": "AQID", "cover": "hard", "link": "https://shop.example/items/\(index)"}
      """
    }
    return #"{"name": "shelf \#(number)", "items": [\#(items.joined(separator: ","))]}"#
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// What `catalogue.count` makes of it.
  static func count(by revision: CatalogueBuild.Revision) -> JSONValue {
    // Per shelf 0.25 + 1.25 + … + 19.25 = 195; the second revision counts everything twice.
    let (total, tags): (String, [JSONValue]) =
      revision == .first ? ("780", []) : ("1560", ["t0", "t1", "t2", "üé"])
    let names = (0..<shelves).map { ("shelf \($0)", JSONValue.integer(Int64(itemsOnAShelf))) }
    return .object([
      "revision": .string(revision.rawValue), "items": .integer(Int64(shelves * itemsOnAShelf)),
      "total": .string(total),
      // Seconds since 2001-01-01, the reference date of Foundation's own coding.
      "oldest": .integer(788_918_400), "extra": .array(tags + ["shelf -1"]),
      "names": .object(Dictionary(uniqueKeysWithValues: names)),
    ])
  }
}

/// Time stands still, and short waits are over at once; deadlines never come.
struct ImpatientClock: HostClock {
  let unixNanoseconds: UInt64 = 1_767_225_600_000_000_000

  func schedule(after delay: Duration, _ fire: @escaping @Sendable () -> Void) -> Cancellation {
    if delay < .seconds(1) { Task { fire() } }
    return .none
  }
}
