/// How wide something is for its height, as whole numbers: `1.91:1` is 191 to 100.
package struct AspectRatio: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// Above 0, at most a million.
  package let width: Int
  /// Above 0, at most a million.
  package let height: Int
  /// As it was written, or the numbers themselves.
  package let description: String

  /// Nil for numbers that are no size of a picture.
  package init?(width: Int, height: Int) {
    guard (1...Self.maximum).contains(width), (1...Self.maximum).contains(height) else { return nil }
    self.width = width
    self.height = height
    description = "\(width):\(height)"
  }

  /// Reads `4:5` and `1.91:1`, with at most three decimals; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(Self.thousandths)
    guard parts.count == 2, let width = parts[0], let height = parts[1] else { return nil }
    self.width = width
    self.height = height
    description = text
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.width * right.height < right.width * left.height
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.width * right.height == right.width * left.height
  }

  static let pattern = "^[0-9]{1,3}(\\.[0-9]{1,3})?:[0-9]{1,3}(\\.[0-9]{1,3})?$"
  /// Products of two stay far below the largest integer.
  private static let maximum = 1_000_000

  private static func thousandths(_ text: Substring) -> Int? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, (1...3).contains(whole.count),
      whole.allSatisfy({ $0.isASCII && $0.isNumber }), let units = Int(whole)
    else { return nil }
    var value = units * 1000
    if parts.count == 2 {
      guard (1...3).contains(parts[1].count), parts[1].allSatisfy({ $0.isASCII && $0.isNumber }),
        let decimals = Int(parts[1])
      else { return nil }
      value += decimals * [100, 10, 1][parts[1].count - 1]
    }
    return value > 0 ? value : nil
  }
}
