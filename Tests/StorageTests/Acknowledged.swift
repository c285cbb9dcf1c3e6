import Synchronization

/// What a store has acknowledged so far, told by many tasks at once.
final class Acknowledged: Sendable {
  private let state = Mutex<(ids: Set<String>, isOver: Bool)>(([], false))

  func add(_ id: String) { state.withLock { _ = $0.ids.insert(id) } }
  var all: Set<String> { state.withLock { $0.ids } }
  /// Tells those who add to stop.
  func end() { state.withLock { $0.isOver = true } }
  var isOver: Bool { state.withLock { $0.isOver } }
}
