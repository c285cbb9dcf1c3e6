import Ports
import TestTools

@testable import Storage

/// The engines that the behaviour suite runs on: another one is another case.
enum StoreEngine: String, CaseIterable, Sendable {
  case sqlite

  /// Runs `body` with a new, empty store.
  func run(_ body: (any Store) async throws -> Void) async throws {
    switch self {
    case .sqlite:
      let directory = ScratchDirectory()
      let store = try await SQLiteStore.open(path: directory.file("patchbay.sqlite"))
      do {
        try await body(store)
      } catch {
        await store.close()
        throw error
      }
      await store.close()
    }
  }
}
