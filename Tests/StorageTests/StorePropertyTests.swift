import ConnectorModel
import Ports
import Testing

@Suite struct StorePropertyTests {
  private static let seeds: [UInt64] = Array(1...12) + [UInt64.random(in: 100...UInt64(UInt32.max))]

  /// Workers that enqueue, claim, settle, stall and die at random agree with the model after every step.
  @Test(arguments: StoreEngine.allCases, seeds) func anySequenceAgreesWithTheModel(
    _ engine: StoreEngine, _ seed: UInt64
  ) async throws {
    try await engine.run { store in
      var run = RandomRun(store: store, seed: seed)
      for step in 0..<250 {
        try await run.step()
        guard run.model.broken.isEmpty else {
          Issue.record("seed \(seed), step \(step): \(run.model.broken)")
          return
        }
      }
      #expect(try await store.depth(tenant: nil) == run.model.depth, "seed \(seed)")
      try await run.drain()
      #expect(run.model.broken.isEmpty, "seed \(seed)")
      #expect(run.model.entries.values.allSatisfy { $0.state.hasEnded }, "seed \(seed)")
      #expect(try await store.depth(tenant: nil) == run.model.depth, "seed \(seed)")
    }
  }
}

/// One random history, the same for the same seed.
private struct RandomRun {
  let store: any Store
  var random: SplitMix64
  var model = StoreModel()
  var now = start
  var leases: [Lease] = []
  var count = 0

  init(store: any Store, seed: UInt64) {
    self.store = store
    random = SplitMix64(seed: seed)
  }

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func step() async throws {
    now += UInt64.random(in: 0..<3 * second, using: &random)
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<35: try await enqueue()
    case 35..<60: try await claim()
    case 60..<85: try await settle()
    case 85..<89: try await renew()
    case 89..<93: try await cancel()
    case 93..<99:
      _ = try await store.release(now: now)
      model.released(now)
    default:
      _ = try await store.abandonLeases(except: "nobody", now: now)
      model.abandoned()
    }
  }

  private mutating func enqueue() async throws {
    // One tenant asks for far more than the others.
    let tenant = chance(60) ? 0 : Int.random(in: 1..<5, using: &random)
    count += 1
    let job = Job.sample(
      "job_\(count)", tenant: "t\(tenant)",
      connection: "con_\(tenant)_\(Int.random(in: 0..<4, using: &random))",
      priority: chance(30) ? .syncing : .publishing, scheduledFor: chance(20) ? now + 5 * second : nil,
      createdAt: now)
    try await store.enqueue(job)
    model.enqueue(job)
    model.noteWaiting()
  }

  private mutating func claim() async throws {
    let limit = Int.random(in: 1...4, using: &random)
    let taken = try await store.claim(limit, worker: "w\(limit)", for: 20 * second, now: now)
    model.claimed(taken, limit: limit, now: now)
    leases += taken
  }

  private mutating func settle() async throws {
    guard let index = leases.indices.randomElement(using: &random) else { return }
    // Some are settled twice, or by a worker that lost them.
    let lease = chance(90) ? leases.remove(at: index) : leases[index]
    let later = now + UInt64.random(in: 0..<10 * second, using: &random)
    let (settlement, state): (Settlement, Job.State) =
      switch Int.random(in: 0..<6, using: &random) {
      case 0: (.again(at: later), .retrying)
      case 1: (.park(until: later, note: ""), .retrying)
      case 2: (.unknown(error: upstream, deadLetter: "dlq_\(lease.token.fence)"), .unknown)
      case 3: (.dead(reason: .expired, error: upstream, deadLetter: "dlq_\(lease.token.fence)"), .dead)
      default: (.published(result: [], post: nil), .published)
      }
    let isHeld = model.holds(lease)
    let store = store
    let now = now
    let outcome = await code { try await store.settle(lease, settlement, now: now) }
    #expect(outcome == (isHeld ? nil : .fenced))
    if isHeld { model.settled(lease, as: state, availableAt: state == .retrying ? later : nil) }
  }

  private mutating func renew() async throws {
    guard let lease = leases.randomElement(using: &random) else { return }
    let lost = try await store.renew([lease.token], until: now + 20 * second)
    #expect(lost.isEmpty == model.holds(lease))
    if model.holds(lease) { model.renewed(lease, until: now + 20 * second) }
  }

  private mutating func cancel() async throws {
    guard let id = model.entries.keys.sorted().randomElement(using: &random), let entry = model.entries[id]
    else { return }
    let store = store
    let now = now
    let outcome = await code { _ = try await store.cancel(id, tenant: entry.job.tenant, now: now) }
    #expect(outcome == (entry.state.hasEnded ? .conflict : nil))
    if outcome == nil { model.cancelled(id) }
  }

  /// Everybody dies, and one worker does what is left.
  mutating func drain() async throws {
    now += hour
    for _ in 0..<1_000 {
      _ = try await store.release(now: now)
      model.released(now)
      let taken = try await store.claim(3, now: now)
      model.claimed(taken, limit: 3, now: now)
      guard !taken.isEmpty else { return }
      for lease in taken {
        try await store.publish(lease, now: now)
        model.settled(lease, as: .published)
      }
    }
  }
}
