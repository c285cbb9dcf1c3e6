internal import ConnectorModel
internal import GRDB

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// Reads the columns of a row in the order in which they were selected.
///
/// The tables are strict, so a column has the type that was asked for; a value that no version wrote is damage.
struct RowReader {
  private let row: Row
  private var column = 0

  init(_ row: Row) { self.row = row }

  private mutating func next() -> Int {
    defer { column += 1 }
    return column
  }

  mutating func text() -> String { row[next()] }
  mutating func optionalText() -> String? { row[next()] }
  mutating func bytes() -> [UInt8] { [UInt8](row[next()] as Data) }
  mutating func optionalBytes() -> [UInt8]? { (row[next()] as Data?).map { [UInt8]($0) } }
  mutating func integer() -> Int { row[next()] }
  mutating func optionalInteger() -> Int? { row[next()] }
  mutating func flag() -> Bool { row[next()] }
  mutating func time() -> UInt64 { UInt64(clamping: row[next()] as Int64) }
  mutating func optionalTime() -> UInt64? { (row[next()] as Int64?).map { UInt64(clamping: $0) } }
  /// All 64 bits of a number that is no time.
  mutating func bits() -> UInt64 { UInt64(bitPattern: row[next()] as Int64) }
  mutating func string() -> String { String(decoding: bytes(), as: UTF8.self) }

  mutating func choice<Value: RawRepresentable>(_ type: Value.Type = Value.self) throws -> Value
  where Value.RawValue == String {
    guard let value = Value(rawValue: text()) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return value
  }

  mutating func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    try StableJSON.decode(Value.self, from: bytes())
  }

  mutating func optionalJSON<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value? {
    try optionalBytes().map { try StableJSON.decode(Value.self, from: $0) }
  }
}

extension UInt64 {
  /// A time as SQLite's signed integers hold it: those after the year 2262 are one.
  var time: Int64 { Int64(clamping: self) }
  /// All 64 bits of a number that is no time.
  var bits: Int64 { Int64(bitPattern: self) }
}

extension [UInt8] {
  var blob: Data { Data(self) }
}

extension String {
  /// For names that others choose: as text GRDB cuts a string at its first NUL, and two names would be one.
  var blob: Data { Data(utf8) }
}

extension Encodable {
  func stableJSON() throws -> Data { Data(try StableJSON.encode(self)) }
}
