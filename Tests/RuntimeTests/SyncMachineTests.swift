import ConnectorModel
import Ports
import Testing

@testable import Runtime

/// Named after the arrows of docs/states.md.
@Suite struct SyncMachineTests {
  private static let start: UInt64 = 1_767_225_600_000_000_000
  private let machine = SyncMachine(every: .seconds(6 * 3600), lookback: .seconds(7 * 86_400))

  private func seconds(_ count: UInt64) -> UInt64 { count * 1_000_000_000 }

  private func first(_ id: String = "con_1", _ machine: SyncMachine? = nil) -> SyncState {
    (machine ?? self.machine).first(
      SyncOwner(connection: id, tenant: "acme"), connector: "feed", stream: "items", now: Self.start)
  }

  @Test func firstRunsAreSpreadOverAMinute() {
    let delays = (0..<200).map { first("con_\($0)").nextDue - Self.start }
    #expect(delays.allSatisfy { $0 < seconds(60) })
    // Each quarter of the minute has some.
    #expect(Set(delays.map { $0 / seconds(15) }).count == 4)
    #expect(first("con_1") == first("con_1"))
  }

  @Test func firstWindowHasNoBegin() {
    let state = machine.begun(first(), now: Self.start)
    #expect(state.window == SyncState.Window(since: nil, until: Self.start))
    #expect(state.runs == 1 && state.lastStarted == Self.start)
  }

  @Test func nextWindowLooksBackFromWhatIsCovered() {
    var state = machine.begun(first(), now: Self.start)
    state = machine.ended(state, .succeeded(cursor: "c"), hasMoved: false, now: Self.start + seconds(90))
    #expect(state.coveredUntil == Self.start && state.lastSucceeded == Self.start + seconds(90))
    #expect(state.window == nil && state.cursor == "c")
    state = machine.begun(state, now: Self.start + seconds(30_000))
    #expect(state.window?.since == Self.start - seconds(7 * 86_400))
    #expect(state.window?.until == Self.start + seconds(30_000))
  }

  @Test func failedRunKeepsItsWindow() {
    let begun = machine.begun(first(), now: Self.start)
    let failed = machine.ended(
      begun, .failed(OperationError(.upstream, "502")), hasMoved: true, now: Self.start + seconds(5))
    let again = machine.begun(failed, now: Self.start + seconds(65))
    #expect(again.window == begun.window)
    #expect(again.runs == 2)
  }

  @Test func turnsComeOneEveryApartAndKeepTheirPlace() {
    for id in 0..<50 {
      var state = first("con_\(id)")
      var turns: [UInt64] = []
      for _ in 0..<4 {
        state = machine.begun(state, now: state.nextDue)
        state = machine.ended(
          state, .succeeded(cursor: nil), hasMoved: false, now: state.nextDue + seconds(3))
        turns.append(state.nextDue)
      }
      let gaps = zip(turns, turns.dropFirst()).map { $1 - $0 }
      #expect(gaps.allSatisfy { $0 == seconds(6 * 3600) }, "\(id): \(gaps)")
      #expect((3 * 3600...9 * 3600).contains((turns[0] - first("con_\(id)").nextDue) / seconds(1)))
    }
  }

  @Test func pausesDoubleFromAMinuteToEvery() {
    var state = machine.begun(first(), now: Self.start)
    var pauses: [UInt64] = []
    for _ in 0..<12 {
      state = machine.ended(
        state, .failed(OperationError(.network, "gone")), hasMoved: false, now: Self.start)
      pauses.append((state.nextDue - Self.start) / seconds(60))
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360])
    #expect(state.failures == 12)
    var often = SyncMachine(every: .seconds(20)).begun(first(), now: Self.start)
    often = SyncMachine(every: .seconds(20)).ended(
      often, .failed(OperationError(.network, "gone")), hasMoved: false, now: Self.start)
    #expect(often.nextDue == Self.start + seconds(20))
  }

  @Test func limitWaitsAsToldAndDoesNotCount() {
    let begun = machine.begun(first(), now: Self.start)
    func due(_ retry: OperationError.Retry) -> UInt64 {
      let error = OperationError(.rateLimited, "later", retry: retry)
      let state = machine.ended(begun, .failed(error), hasMoved: false, now: Self.start)
      #expect(state.failures == 0 && state.failure?.code == "rate_limited")
      return (state.nextDue - Self.start) / seconds(1)
    }
    #expect(due(.after(.seconds(900))) == 900)
    #expect(due(.after(.zero)) == 1)
    #expect(due(.after(.seconds(1_000_000))) == 86_400)
    #expect(due(.no) == 60)
  }

  @Test func interruptedRunIsDueAtOnceAndDoesNotCount() {
    let begun = machine.begun(first(), now: Self.start)
    let state = machine.ended(begun, .interrupted, hasMoved: false, now: Self.start + 7)
    #expect(state.nextDue == Self.start + 7 && state.failures == 0 && state.window == begun.window)
  }

  @Test func runThatMovedUntilItsDeadlineGoesOnAtOnce() {
    let begun = machine.begun(first(), now: Self.start)
    let error = OperationError(.timeout, "the operation's deadline passed")
    let moved = machine.ended(begun, .failed(error), hasMoved: true, now: Self.start + 7)
    #expect(moved.nextDue == Self.start + 7 && moved.failures == 0)
    let stuck = machine.ended(begun, .failed(error), hasMoved: false, now: Self.start + 7)
    #expect(stuck.failures == 1)
  }

  @Test func timesAtTheirEndsDoNotOverflow() {
    var state = machine.begun(first(), now: .max)
    state = machine.ended(state, .succeeded(cursor: nil), hasMoved: false, now: .max)
    #expect(state.nextDue == .max)
    let early = machine.begun(
      machine.ended(machine.begun(first(), now: 5), .succeeded(cursor: nil), hasMoved: false, now: 6), now: 7)
    #expect(early.window?.since == 0)
  }
}
