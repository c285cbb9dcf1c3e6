import ConnectorModel
import Ports
import Synchronization
import Testing

extension KeyValueStore {
  func ask(
    _ request: KeyValueRequest, connection: String = "con_1", connector: String = "acme", now: UInt64 = start,
    effect: ReplayableEffect? = nil
  ) async -> KeyValueAnswer {
    await withCheckedContinuation { continuation in
      perform(request, connection: connection, connector: connector, now: now, effect: effect) {
        continuation.resume(returning: $0)
      }
    }
  }
}

@Suite struct StoreBehaviourKeyValueTests {
  @Test(arguments: StoreEngine.allCases) func versionsStartAtOneAndGrowAlsoAfterADelete(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      #expect(await store.ask(.init(.delete, key: "a")).outcome == .notFound)
      #expect(await store.ask(.init(.put, key: "a", value: [1])).version == 1)
      #expect(await store.ask(.init(.put, key: "a", value: [2])).version == 2)
      #expect(await store.ask(.init(.get, key: "a")) == KeyValueAnswer(outcome: .ok, value: [2], version: 2))
      #expect(await store.ask(.init(.delete, key: "a")).outcome == .ok)
      #expect(await store.ask(.init(.get, key: "a")).outcome == .notFound)
      #expect(await store.ask(.init(.put, key: "a", value: [3])).version == 4)
    }
  }

  @Test(arguments: StoreEngine.allCases) func conditionsDecideAndAConflictTellsWhatIsThere(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      #expect(await store.ask(.init(.put, key: "a", value: [1], condition: .absent)).outcome == .ok)
      let conflict = await store.ask(.init(.put, key: "a", value: [2], condition: .absent))
      #expect(conflict.outcome == .conflict && conflict.value == [1] && conflict.version == 1)
      #expect(await store.ask(.init(.put, key: "a", value: [2], condition: .version(9))).outcome == .conflict)
      #expect(await store.ask(.init(.put, key: "a", value: [2], condition: .version(1))).outcome == .ok)
      #expect(await store.ask(.init(.delete, key: "a", condition: .version(1))).outcome == .conflict)
    }
  }

  @Test(arguments: StoreEngine.allCases) func expiredIsAbsent(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      _ = await store.ask(.init(.put, key: "a", value: [1], timeToLive: .seconds(1)))
      #expect(await store.ask(.init(.get, key: "a"), now: start + second - 1).outcome == .ok)
      #expect(await store.ask(.init(.get, key: "a"), now: start + second).outcome == .notFound)
      #expect(
        await store.ask(.init(.put, key: "a", value: [1], condition: .absent), now: start + second).outcome
          == .ok)
    }
  }

  @Test(arguments: StoreEngine.allCases) func scopesDoNotSeeEachOther(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      _ = await store.ask(.init(.put, key: "a", value: [1]))
      #expect(await store.ask(.init(.get, key: "a"), connection: "con_2").outcome == .notFound)
      #expect(await store.ask(.init(.get, key: "a"), connector: "other").outcome == .notFound)
      #expect(await store.ask(.init(.get, key: "a\0")).outcome == .notFound)
      // Who has the connection matters too.
      try await store.add(.sample("con_1", tenant: "beta"), secrets: [], audit: .sample())
      #expect(await store.ask(.init(.get, key: "a")).outcome == .notFound)
    }
  }

  @Test(arguments: StoreEngine.allCases) func limitsAreQuota(_ engine: StoreEngine) async throws {
    try await engine.run { store in
      #expect(await store.ask(.init(.put, key: "", value: [])).outcome == .invalidInput)
      #expect(await store.ask(.init(.put, key: String(repeating: "k", count: 257))).outcome == .invalidInput)
      #expect(
        await store.ask(.init(.put, key: "a", value: Array(repeating: 0, count: 65_537))).outcome == .quota)
      for index in 0..<16 {
        let put = KeyValueRequest(.put, key: "big\(index)", value: Array(repeating: 0, count: 65_536))
        #expect(await store.ask(put).outcome == .ok)
      }
      #expect(await store.ask(.init(.put, key: "one more", value: [1])).outcome == .quota)
      #expect(await store.ask(.init(.put, key: "big0", value: [1])).outcome == .ok)

      await withTaskGroup(of: Void.self) { group in
        for index in 0..<1_000 {
          group.addTask {
            _ = await store.ask(.init(.put, key: "\(index)", timeToLive: .seconds(1)), connection: "con_2")
          }
        }
      }
      #expect(await store.ask(.init(.put, key: "x"), connection: "con_2").outcome == .quota)
      #expect(await store.ask(.init(.put, key: "7"), connection: "con_2").outcome == .ok)
      #expect(await store.ask(.init(.put, key: "x"), connection: "con_2", now: start + second).outcome == .ok)
    }
  }

  @Test(arguments: StoreEngine.allCases) func sameEffectChangesNothingAndGetsTheSameAnswer(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let lease = try await store.claimOne()
      let effect = ReplayableEffect(job: "job_1", id: .max)
      let read = ReplayableEffect(job: "job_1", id: 2)
      let put = KeyValueRequest(.put, key: "a", value: [1], condition: .absent)
      let answer = await store.ask(put, effect: effect)
      #expect(answer.outcome == .ok && answer.version == 1)
      let seen = await store.ask(.init(.get, key: "a"), effect: read)
      _ = await store.ask(.init(.put, key: "a", value: [2]))
      #expect(await store.ask(put, effect: effect) == answer)
      #expect(await store.ask(.init(.get, key: "a"), effect: read) == seen)
      #expect(await store.ask(.init(.get, key: "a")).value == [2])

      // A parked operation is replayed and needs them still; a settled one has ended.
      try await store.settle(lease, .park(until: start + 1, note: ""))
      #expect(await store.ask(put, effect: effect) == answer)
      _ = try await store.release(now: start + 1)
      try await store.settle(try await store.claimOne(), .again(at: start + 2))
      #expect(await store.ask(put, effect: effect).outcome == .conflict)
      _ = try await store.release(now: start + 2)
      try await store.publish(try await store.claimOne())
      #expect(await store.ask(put, effect: effect).outcome == .invalidState)
    }
  }

  @Test(arguments: StoreEngine.allCases) func otherRequestOfARestartedOperationGetsItsOwnAnswer(
    _ engine: StoreEngine
  )
    async throws
  {
    try await engine.run { store in
      try await store.enqueue(.sample("job_1"))
      let effect = ReplayableEffect(job: "job_1", id: 1)
      _ = await store.ask(.init(.put, key: "a", value: [1]), effect: effect)
      // Its host is killed before anything is on record; the operation begins anew and asks otherwise.
      let others = [
        KeyValueRequest(.get, key: "a"), .init(.put, key: "b", value: [1]), .init(.put, key: "b", value: [2]),
        .init(.put, key: "b", value: [2], condition: .absent),
        .init(.put, key: "b", value: [2], timeToLive: .seconds(9)),
      ]
      for (index, request) in others.enumerated() {
        let answer = await store.ask(request, effect: effect)
        #expect(answer.outcome == (request.condition == .absent ? .conflict : .ok))
        #expect((answer.value == [1]) == (request.verb == .get), "\(index)")
        #expect(await store.ask(request, effect: effect) == answer)
      }
      #expect(await store.ask(.init(.get, key: "b")).version == 4)
    }
  }

  @Test(arguments: StoreEngine.allCases) func effectsApplyInTheOrderOfTheCalls(_ engine: StoreEngine)
    async throws
  {
    try await engine.run { store in
      let answers = Mutex<[UInt64]>([])
      await withCheckedContinuation { continuation in
        for index in 0..<500 {
          store.perform(
            .init(.put, key: "a", value: [UInt8(index % 256)]), connection: "con_1", connector: "acme",
            now: start,
            effect: nil
          ) { answer in
            let count = answers.withLock { answers in
              answers.append(answer.version)
              return answers.count
            }
            if count == 500 { continuation.resume() }
          }
        }
      }
      #expect(answers.withLock { $0 } == Array(1...500))
      #expect(await store.ask(.init(.get, key: "a")).value == [UInt8(499 % 256)])
    }
  }
}
