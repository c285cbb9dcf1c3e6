internal import GRDB
internal import Ports

#if canImport(Glibc)
  internal import Glibc
#endif

/// Opens the file the way that durability asks for.
enum DatabaseFile {
  /// Blocks.
  static func open(_ path: String, _ options: SQLiteStore.Options, _ faults: StorageFaults) throws
    -> DatabasePool
  {
    if !options.isReadOnly { try make(path, faults) }
    var configuration = Configuration()
    configuration.readonly = options.isReadOnly
    configuration.maximumReaderCount = 4
    // For whoever looks into the file from another process while a checkpoint needs it.
    configuration.busyMode = .timeout(5)
    let pool = try DatabasePool(path: path, configuration: configuration)
    try pool.writeWithoutTransaction { database in
      // Only here: GRDB sets NORMAL when it turns the WAL on, after anything that its configuration prepares.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA temp_store = MEMORY")
      try database.execute(sql: "PRAGMA cache_size = -65536")
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
      if let pages = options.maximumPages {
        // The answer is a row.
        _ = try Int.fetchOne(database, sql: "PRAGMA max_page_count = \(pages)")
      }
      try Schema.migrate(database, isReadOnly: options.isReadOnly, faults)
    }
    return pool
  }

  /// Makes the file before SQLite does, which would let others read it; its siblings get the same mode.
  private static func make(_ path: String, _ faults: StorageFaults) throws {
    let file = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      switch errno {
      case EROFS, EACCES, EPERM: throw faults.readOnly
      case ENOSPC, EDQUOT: throw faults.full
      default: throw faults.unavailable("cannot be opened (errno \(errno)): look at its directory")
      }
    }
    fchmod(file, 0o600)
    Glibc.close(file)
  }
}
