internal import GRDB
package import Ports

extension SQLiteStore {
  package func setPause(_ scope: PauseScope, isPaused: Bool, now: UInt64) async throws(StoreError) {
    try await write { database in
      try database.run(
        isPaused
          ? "INSERT INTO pauses VALUES (?) ON CONFLICT DO NOTHING" : "DELETE FROM pauses WHERE connector = ?",
        [scope.connector])
      guard case .connector(let connector) = scope else { return }
      // One more look at every lane of the connector now, and none in any claim.
      try database.run(
        isPaused
          ? "UPDATE lanes SET blocked = blocked | \(Lane.connectorBlocks) WHERE connector = ?"
          : "UPDATE lanes SET blocked = blocked & ~\(Lane.connectorBlocks) WHERE connector = ?",
        [connector])
    }
  }

  package func pauses() async throws(StoreError) -> [PauseScope] {
    try await read { database in
      try database.all("SELECT connector FROM pauses ORDER BY connector") { row in
        let connector = row.text()
        return connector.isEmpty ? .everything : .connector(connector)
      }
    }
  }
}

extension PauseScope {
  fileprivate var connector: String {
    switch self {
    case .everything: ""
    case .connector(let connector): connector
    }
  }
}
