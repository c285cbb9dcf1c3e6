internal import ArgumentParser
internal import ConnectorModel

#if canImport(Glibc)
  internal import Glibc
#endif

/// What the program says: results on standard output, everything else on standard error.
enum Output {
  static func line(_ text: String) { self.text(text + "\n") }

  /// Text that brings its own line breaks.
  static func text(_ text: String) { write(text, to: STDOUT_FILENO) }

  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// One JSON value, keys sorted.
  static func json(_ value: some Encodable) throws {
    line(String(decoding: try StableJSON.encode(value), as: UTF8.self))
  }

  static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

  /// Columns of a table, as wide as their widest cell.
  static func table(_ header: [String], _ rows: [[String]]) {
    let widths = header.indices.map { column in
      ([header] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    for row in [header] + rows {
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
      }
      line(cells.joined(separator: "  "))
    }
  }

  private static func write(_ text: String, to file: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// How a command prints.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument { case human, json }
