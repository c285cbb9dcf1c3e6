import ConnectorModel
import Ports
import Synchronization

@testable import Operations

/// What a store keeps of one job, across the lives of its hosts.
final class JournalFile: Sendable {
  private let stored = Mutex<[JournalRow]>([])
  let keyValues = LastingKeyValues()

  var rows: [JournalRow] { stored.withLock { $0 } }
  var entries: [JournalEntry] { get throws { try rows.map { try JournalEntry($0) } } }

  func append(_ rows: [JournalRow]) { stored.withLock { $0 += rows } }
}

/// The journal as one process writes it.
struct LifeJournal: OperationJournal {
  let job = "job_1"
  let library = "5ca1ab1e"
  let file: JournalFile
  var life = Life()
  /// What the store says instead of storing.
  var refusal: @Sendable (_ rowsBefore: Int) -> JournalVerdict? = { _ in nil }

  func append(_ entries: [JournalEntry], done: @escaping @Sendable (JournalVerdict) -> Void) {
    let rows: [JournalRow]
    do { rows = try entries.map { try $0.row() } } catch { return done(.failed("\(error)")) }
    guard life.pass() else { return }
    if let verdict = refusal(file.rows.count) {
      Task { done(verdict) }
      return
    }
    file.append(rows)
    guard life.pass() else { return }
    Task { done(.stored) }
  }
}

/// Connectors' state that answers the same effect of the same job again with what it answered.
final class LastingKeyValues: Sendable {
  private let store = MemoryKeyValueStore()
  private let answers = Mutex<[ReplayableEffect: KeyValueAnswer]>([:])

  func access(
    _ request: KeyValueRequest, connection: String, connector: String, now: UInt64, effect: ReplayableEffect?
  ) -> KeyValueAnswer {
    if let effect, let known = answers.withLock({ $0[effect] }) { return known }
    let answer = Mutex(KeyValueAnswer(outcome: .internal))
    store.perform(request, connection: connection, connector: connector, now: now, effect: nil) { told in
      answer.withLock { $0 = told }
    }
    let told = answer.withLock { $0 }
    if let effect { answers.withLock { $0[effect] = told } }
    return told
  }
}

struct LifeKeyValues: KeyValueStore {
  let life: Life
  let file: JournalFile

  func perform(
    _ request: KeyValueRequest, connection: String, connector: String, now: UInt64, effect: ReplayableEffect?,
    deliver: @escaping @Sendable (KeyValueAnswer) -> Void
  ) {
    guard life.pass() else { return }
    let answer = file.keyValues.access(
      request, connection: connection, connector: connector, now: now, effect: effect)
    guard life.pass() else { return }
    Task { if life.isAlive { deliver(answer) } }
  }
}

/// The digest of tests: FNV-1a, eight bytes.
enum ShortDigest {
  static func of(_ bytes: [UInt8]) -> [UInt8] {
    let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return (0..<8).map { UInt8(truncatingIfNeeded: hash >> ($0 * 8)) }
  }
}
