@_spi(Testing) import ConnectorKit
import Ports
import Testing

/// Journals tell turns apart by the order of what was pushed, so what a cancellation gives up has one.
@Suite struct CancelOrderTests {
  private struct Empty: Codable {}

  private static let waits = Action("waits") { (_: Empty, context) in
    async let first: Void = context.sleep(for: .seconds(1))
    async let second: Void = context.sleep(for: .seconds(2))
    try await context.sleep(for: .seconds(3))
    try await first
    try await second
    return Empty()
  }

  @Test func operationGivesUpItsOwnWaitBeforeThoseOfItsChildren() throws {
    var turn = Turn(
      unixNanoseconds: 1, firstEffect: 1, effectAllowance: 8, emitAllowance: 8,
      random: SplitMix64(seed: 1))
    let start = OperationStart(
      kind: .action, name: "waits", input: .json(Array("{}".utf8)), attributes: [], deadline: .max, seed: 1,
      idempotencyKey: "")
    let (begun, pushed) = KitConnector(Self.waits).begin(start, turn)
    let operation = try #require(begun)
    let own = try #require(
      pushed.pushes.lazy.compactMap { push -> UInt64? in
        guard case .effect(let id, .timer(.seconds(3))) = push else { return nil }
        return id
      }.first)
    #expect(pushed.pushes.count == 3)
    turn.firstEffect = 4
    let record = operation.resume([Event(effect: 0, .cancel)], turn)
    let givenUp = record.pushes.compactMap { push -> UInt64? in
      guard case .cancelEffect(let id) = push else { return nil }
      return id
    }
    #expect(givenUp.first == own)
    #expect(Set(givenUp) == [1, 2, 3])
    operation.end()
  }
}
