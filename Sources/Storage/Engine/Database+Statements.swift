internal import GRDB

/// Every statement here is prepared once for each connection to the file.
extension Database {
  func run(_ sql: String, _ arguments: StatementArguments = []) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }

  /// All rows, read column by column.
  func all<Value>(
    _ sql: String, _ arguments: StatementArguments = [], _ decode: (inout RowReader) throws -> Value
  ) throws -> [Value] {
    let rows = try Row.fetchCursor(try cachedStatement(sql: sql), arguments: arguments)
    var values: [Value] = []
    while let row = try rows.next() {
      var reader = RowReader(row)
      values.append(try decode(&reader))
    }
    return values
  }

  /// Of a query that has at most one row.
  func first<Value>(
    _ sql: String, _ arguments: StatementArguments = [], _ decode: (inout RowReader) throws -> Value
  ) throws -> Value? {
    try all(sql, arguments, decode).first
  }

  /// Of a query that has at most one row of one number; costs half of ``first(_:_:_:)``, for which GRDB makes a
  /// dictionary of the columns' names each time.
  func number(_ sql: String, _ arguments: StatementArguments = []) throws -> Int? {
    try Int.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
  }

  func exists(_ sql: String, _ arguments: StatementArguments = []) throws -> Bool {
    try number(sql, arguments) != nil
  }

  /// Undoes what `body` did when it throws, and nothing else of the transaction.
  func undoing<Value>(_ body: () throws -> Value) throws -> Value {
    try run("SAVEPOINT one_write")
    do {
      let value = try body()
      try run("RELEASE one_write")
      return value
    } catch {
      // Without a transaction SQLite has undone everything already.
      if isInsideTransaction {
        try run("ROLLBACK TO one_write")
        try run("RELEASE one_write")
      }
      throw error
    }
  }
}
