extension Duration {
  /// Reads `20ms`, `120s`, `5m`, `6h`, `7d`; nil for anything else, for 0 and for more than a century.
  package init?(manifest text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count > 0, digits.first != "0" else { return nil }
    let milliseconds: Int64
    switch text.dropFirst(digits.count) {
    case "ms": milliseconds = 1
    case "s": milliseconds = 1000
    case "m": milliseconds = 60_000
    case "h": milliseconds = 3_600_000
    case "d": milliseconds = 86_400_000
    default: return nil
    }
    guard count <= 100 * 366 * 86_400_000 / milliseconds else { return nil }
    self = .milliseconds(count * milliseconds)
  }
}

extension Limits.Rate {
  /// Reads `100000/d`, `10/s`, `600/m`, `200/h`; nil for anything else.
  package init?(manifest text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[0]), count > 0, parts[0].allSatisfy(\.isNumber),
      ["s", "m", "h", "d"].contains(parts[1]), let window = Duration(manifest: "1\(parts[1])")
    else { return nil }
    self.init(count: count, window: window)
  }
}

/// A number of bytes as manifests write it.
enum ByteCount {
  /// Reads `8MiB`, `100kB` or `512B`; nil for anything else, for 0 and beyond a pebibyte.
  static func parse(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count > 0,
      let unit = units.first(where: { $0.suffix == text.dropFirst(digits.count) }),
      count <= (1 << 50) / unit.bytes
    else { return nil }
    return count * unit.bytes
  }

  static let pattern = "^[1-9][0-9]*(B|kB|MB|GB|KiB|MiB|GiB)$"

  private static let units: [(suffix: String, bytes: Int)] = [
    ("B", 1), ("kB", 1000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("KiB", 1 << 10), ("MiB", 1 << 20),
    ("GiB", 1 << 30),
  ]
}
