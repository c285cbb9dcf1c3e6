import ConnectorModel
import Testing

@testable import Egress

@Suite struct ConcurrencyBucketsTests {
  private typealias Key = ConcurrencyBuckets.Key
  private typealias Permit = ConcurrencyBuckets.Permit

  private let account = Key(bucket: "concurrency", subject: "account:1")
  private let app = Key(bucket: "app", subject: "")

  private func claims(_ key: Key, _ limit: Int) -> [ConcurrencyBuckets.Claim] {
    [.init(key: key, limit: limit)]
  }

  @Test func requestsBeyondTheLimitWaitInTheirOrder() throws {
    var buckets = ConcurrencyBuckets()
    let first = try #require(buckets.enter(1, claims(account, 2)) as Permit?)
    let second = try #require(buckets.enter(2, claims(account, 2)) as Permit?)
    #expect(buckets.enter(3, claims(account, 2)) == nil)
    #expect(buckets.enter(4, claims(account, 2)) == nil)
    #expect(buckets.leave(second, .fine).map(\.id) == [3])
    #expect(buckets.leave(first, .fine).map(\.id) == [4])
  }

  @Test func aRequestThatNeedsTwoBucketsTakesBothOrNone() throws {
    var buckets = ConcurrencyBuckets()
    let holder = try #require(buckets.enter(1, claims(app, 1)) as Permit?)
    #expect(buckets.enter(2, claims(account, 1) + claims(app, 1)) == nil)
    #expect(buckets.enter(3, claims(account, 1)) == nil, "no overtaking in a bucket")
    let admitted = buckets.leave(holder, .fine)
    #expect(admitted.map(\.id) == [2])
    #expect(buckets.leave(admitted[0].permit, .fine).map(\.id) == [3])
  }

  @Test func givingUpLetsTheNextOneIn() throws {
    var buckets = ConcurrencyBuckets()
    let holder = try #require(buckets.enter(1, claims(app, 1)) as Permit?)
    #expect(buckets.enter(2, claims(app, 1) + claims(account, 1)) == nil)
    #expect(buckets.enter(3, claims(account, 1)) == nil)
    #expect(buckets.giveUp(2)?.map(\.id) == [3])
    #expect(buckets.giveUp(2) == nil)
    #expect(buckets.giveUp(3) == nil, "it runs")
    #expect(buckets.leave(holder, .fine) == [])
  }

  @Test func refusalsHalveOncePerRoundAndSuccessesWinPlacesBack() throws {
    var buckets = ConcurrencyBuckets()
    let permits = (1...10).compactMap { buckets.enter($0, claims(account, 10)) }
    #expect(permits.count == 10)
    for permit in permits.prefix(8) { _ = buckets.leave(permit, .refused) }
    for permit in permits.suffix(2) { _ = buckets.leave(permit, .unclear) }
    #expect(buckets.allowed(account) == 5, "eight refusals of one moment are one")
    for round in 0..<10 {
      let permit = try #require(buckets.enter(UInt64(100 + round), claims(account, 10)) as Permit?)
      _ = buckets.leave(permit, .fine)
    }
    #expect(buckets.allowed(account) == 6)
    for round in 0..<10 {
      let permit = try #require(buckets.enter(UInt64(200 + round), claims(account, 10)) as Permit?)
      _ = buckets.leave(permit, .refused)
    }
    #expect(buckets.allowed(account) == 1)
  }

  @Test func idleBucketsAreForgotten() throws {
    var buckets = ConcurrencyBuckets()
    let permit = try #require(buckets.enter(1, claims(account, 2)) as Permit?)
    _ = buckets.leave(permit, .unclear)
    #expect(buckets.allowed(account) == nil)
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func noBucketIsEverOverfullAndNobodyStarves(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var buckets = ConcurrencyBuckets()
    let keys = (0..<4).map { Key(bucket: "b\($0)", subject: "") }
    var running: [UInt64: ConcurrencyBuckets.Permit] = [:]
    var needed: [UInt64: [Key]] = [:]
    var waiting: Set<UInt64> = []
    func note(_ admitted: [ConcurrencyBuckets.Admission]) {
      for admission in admitted {
        running[admission.id] = admission.permit
        waiting.remove(admission.id)
      }
      for key in keys {
        #expect(running.keys.filter { needed[$0]?.contains(key) == true }.count <= 3, "seed \(seed)")
      }
    }
    for id in 1...3000 as ClosedRange<UInt64> {
      switch Int.random(in: 0..<3, using: &random) {
      case 0, 1:
        let mine = keys.filter { _ in Bool.random(using: &random) }
        guard !mine.isEmpty else { continue }
        needed[id] = mine
        waiting.insert(id)
        if let permit = buckets.enter(id, mine.map { .init(key: $0, limit: 3) }) {
          note([.init(id: id, permit: permit)])
        }
      default:
        if Int.random(in: 0..<5, using: &random) == 0, let quitter = waiting.min() {
          waiting.remove(quitter)
          note(buckets.giveUp(quitter) ?? [])
        } else if let (id, permit) = running.min(by: { $0.key < $1.key }) {
          running[id] = nil
          note(buckets.leave(permit, [.fine, .refused, .unclear][Int.random(in: 0..<3, using: &random)]))
        }
      }
    }
    while let (id, permit) = running.min(by: { $0.key < $1.key }) {
      running[id] = nil
      note(buckets.leave(permit, .fine))
    }
    #expect(waiting.isEmpty, "seed \(seed)")
  }
}
