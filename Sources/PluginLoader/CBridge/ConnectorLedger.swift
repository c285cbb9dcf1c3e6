internal import CPatchbay
internal import Synchronization

/// What a loaded library did where no turn could record it.
///
/// Tables that connectors get carry the ledger's number and no pointer, so that a call made too late or from a
/// foreign thread finds nothing that could be gone.
final class ConnectorLedger: Sendable {
  /// From 1; below 2^24.
  let number: UInt
  /// Calls to host functions from a thread that the host had not inside the connector.
  let strayCalls = Atomic<Int>(0)
  /// Of them, those that no turn has reported yet.
  private let unreported = Atomic<Int>(0)

  private struct Register {
    var last: UInt = 0
    var ledgers: [UInt: ConnectorLedger] = [:]
  }

  private static let register = Mutex(Register())

  private init(number: UInt) { self.number = number }

  /// A new ledger; it lives for ever, as the library does.
  static func open() -> ConnectorLedger {
    register.withLock { register in
      register.last += 1
      let ledger = ConnectorLedger(number: register.last)
      register.ledgers[ledger.number] = ledger
      return ledger
    }
  }

  /// Counts a stray call under the number that its table carried; a number that was never given out is ignored.
  static func countStray(_ number: UInt) {
    guard let ledger = register.withLock({ $0.ledgers[number] }) else { return }
    ledger.strayCalls.add(1, ordering: .relaxed)
    ledger.unreported.add(1, ordering: .relaxed)
  }

  /// Stray calls since somebody last asked.
  func takeStrays() -> Int {
    unreported.load(ordering: .relaxed) == 0 ? 0 : unreported.exchange(0, ordering: .relaxed)
  }
}
