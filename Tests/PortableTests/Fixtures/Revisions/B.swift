import FoundationEssentials

enum Revision {
  static let name = "B"
  static let version = "2.0.0"

  static func extra(of items: [Item]) -> [String] { Set(items.flatMap(\.tags)).sorted() }
}

struct Item: Codable, Sendable, Hashable {
  enum Cover: String, Codable { case hard, soft }

  var tags: [String]
  var added: Date
  var picture: Data?
  var cover: Cover
  var price: Decimal
  var link: URL
  var id: UUID
}

extension Item: Priced {
  var cost: Decimal { price * 2 }
}
