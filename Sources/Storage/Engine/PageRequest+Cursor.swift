internal import Ports

extension PageRequest {
  /// The row number behind `after`; all lists here go by row number.
  ///
  /// - Throws: `notFound` for a cursor that no list gave out.
  func position(_ list: String) throws -> Int64? {
    guard let after else { return nil }
    guard after.hasPrefix("\(list)."), let number = Int64(after.dropFirst(list.utf8.count + 1)) else {
      throw StoreError(.notFound, "The page to go on from is none of this list: ask for its first page.")
    }
    return number
  }

  /// One row more than asked for tells that there is a next page.
  var rows: Int { limit + 1 }

  func page<Element>(_ list: String, _ rows: [(number: Int64, element: Element)]) -> Page<Element> {
    guard rows.count > limit else { return Page(rows.map(\.element)) }
    let part = rows.prefix(limit)
    return Page(part.map(\.element), next: part.last.map { "\(list).\($0.number)" })
  }
}
