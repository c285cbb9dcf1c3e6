import FoundationEssentials

enum Revision {
  static let name = "A"
  static let version = "1.0.0"

  static func extra(of items: [Item]) -> [String] { [] }
}

struct Item: Codable, Sendable, Hashable {
  var id: UUID
  var price: Decimal
  var added: Date
}

extension Item: Priced {
  var cost: Decimal { price }
}
