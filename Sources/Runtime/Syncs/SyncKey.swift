internal import Ports

/// Names one stream of one connection.
struct SyncKey: Hashable, Sendable {
  var connection: String
  var stream: String

  init(_ state: SyncState) {
    connection = state.connection
    stream = state.stream
  }

  init(connection: String, stream: String) {
    self.connection = connection
    self.stream = stream
  }

  /// The same for the same names in every process, and spread over all numbers: FNV-1a.
  var spread: UInt64 {
    "\(connection)/\(stream)".utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
