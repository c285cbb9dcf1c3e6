import Testing

@testable import Sandbox

@Suite struct OutboxTests {
  var outbox = Outbox()
  let start = SandboxInstant(milliseconds: 1_000_000)
  let url = LoopbackURL("http://127.0.0.1:1/")!

  private mutating func add(_ hook: String = "h", count: Int = 1) {
    for number in 0..<count {
      outbox.add(hook: hook, url: url, type: "subscribe", body: Array("\(number)".utf8), at: start)
    }
  }

  private func later(_ minutes: Int64) -> SandboxInstant { start.advanced(byMilliseconds: minutes * 60_000) }

  @Test mutating func acknowledgedDeliveryIsOver() {
    add()
    let taken = outbox.take(at: start)
    #expect(taken.map(\.attempts) == [1])
    #expect(outbox.take(at: start).isEmpty)
    #expect(outbox.close(taken[0].id, status: 204, at: start) == nil)
    #expect(outbox.deliveries[0].state == .delivered)
    #expect(outbox.nextDue == nil)
  }

  @Test(arguments: [nil, 500, 302, 404])
  mutating func failedDeliveryIsTriedAgainForSeventyFiveMinutes(status: Int?) {
    add()
    var now = start
    var attempts: [Int64] = []
    while let due = outbox.nextDue {
      now = due
      #expect(outbox.take(at: now.advanced(byMilliseconds: -1)).isEmpty)
      let taken = outbox.take(at: now)
      attempts.append((now.milliseconds - start.milliseconds) / 60_000)
      #expect(outbox.close(taken[0].id, status: status, at: now) == nil)
    }
    #expect(attempts == [0, 1, 5, 15, 35, 75])
    #expect(outbox.deliveries[0].state == .givenUp)
    #expect(outbox.deliveries[0].lastStatus == status)
  }

  @Test mutating func goneNamesTheWebhookToDisable() {
    add("gone", count: 2)
    let taken = outbox.take(at: start)
    #expect(outbox.close(taken[0].id, status: 410, at: start) == "gone")
    outbox.cancel(hook: "gone")
    #expect(outbox.deliveries.map(\.state) == [.givenUp, .cancelled])
    // The one under way ends later, and nothing comes of it.
    #expect(outbox.close(taken[1].id, status: 500, at: start) == nil)
    #expect(outbox.nextDue == nil)
  }

  @Test mutating func onlySoManyAreUnderWayAtOnce() {
    add(count: 20)
    let first = outbox.take(at: start)
    #expect(first.map(\.id) == Array(1...Outbox.sideBySide))
    #expect(outbox.take(at: start).isEmpty)
    _ = outbox.close(first[3].id, status: 200, at: start)
    #expect(outbox.take(at: start).map(\.id) == [Outbox.sideBySide + 1])
  }

  @Test mutating func endOfSomethingUnknownChangesNothing() {
    add()
    #expect(outbox.close(99, status: 410, at: start) == nil)
    #expect(outbox.close(1, status: 410, at: start) == nil)
    #expect(outbox.nextDue == start)
  }

  @Test mutating func onlySoManyThatAreOverAreRemembered() {
    for _ in 0..<(Outbox.remembered + 50) {
      add()
      for delivery in outbox.take(at: start) { _ = outbox.close(delivery.id, status: 200, at: start) }
    }
    #expect(outbox.deliveries.count == Outbox.remembered + 1)
  }

  @Test mutating func whatIsTooMuchIsLostAndCounted() {
    add(count: Outbox.mostWaiting + 3)
    #expect(outbox.deliveries.count == Outbox.mostWaiting)
    #expect(outbox.lost == 3)
  }
}
