import Ports

/// What a store should hold, in the simplest words: one connection's jobs in a line, and who has which.
struct StoreModel {
  struct Held {
    var fence: UInt64
    var until: UInt64
  }

  struct Entry {
    var job: Job
    var age: Int
    var state: Job.State = .pending
    var availableAt: UInt64
    var lease: Held?
    var lastFence: UInt64 = 0
    var isCancelled = false
  }

  private(set) var entries: [String: Entry] = [:]
  private(set) var broken: [String] = []
  /// Of a tenant that has something to run: how often each other one was served since it could have been.
  private var waiting: [String: [String: Int]] = [:]
  private var highestFence: UInt64 = 0

  mutating func enqueue(_ job: Job) {
    entries[job.id] = Entry(job: job, age: entries.count, state: job.state, availableAt: job.availableAt)
  }

  private func isReady(_ connection: String) -> Bool {
    let line = entries.values.filter { $0.job.connection == connection }
    return line.contains { $0.state == .pending } && !line.contains { $0.state == .processing }
  }

  private var readyConnections: Set<String> {
    Set(entries.values.filter { $0.state == .pending }.map(\.job.connection)).filter(isReady)
  }

  private func lapsed(_ now: UInt64) -> Int {
    entries.values.count { $0.lease.map { $0.until <= now } ?? false }
  }

  mutating func claimed(_ leases: [Lease], limit: Int, now: UInt64) {
    let due = lapsed(now) + readyConnections.count
    if leases.count != min(limit, due) { broken.append("\(leases.count) leases of \(min(limit, due))") }
    for lease in leases {
      guard let entry = entries[lease.job.id] else {
        broken.append("\(lease.job.id) was never stored")
        continue
      }
      if lease.token.fence <= highestFence { broken.append("the fence of \(lease.job.id) does not grow") }
      highestFence = max(highestFence, lease.token.fence)
      if let lease = entry.lease {
        if lease.until > now { broken.append("\(entry.job.id) is under two leases") }
        // Served out of turn, and behind the others from here.
        waiting[entry.job.tenant] = nil
      } else {
        check(entry)
        serve(entry.job.tenant)
      }
      entries[lease.job.id]?.state = .processing
      entries[lease.job.id]?.lease = Held(fence: lease.token.fence, until: lease.until)
    }
    noteWaiting()
  }

  private mutating func check(_ entry: Entry) {
    if entry.state != .pending { broken.append("\(entry.job.id) is \(entry.state)") }
    if !isReady(entry.job.connection) { broken.append("\(entry.job.connection) has two leases") }
    func place(_ entry: Entry) -> (Int, UInt64, Int) {
      (entry.job.priority.rawValue, entry.availableAt, entry.age)
    }
    let ahead = entries.values.first {
      $0.job.connection == entry.job.connection && $0.state == .pending && place($0) < place(entry)
    }
    if let ahead { broken.append("\(entry.job.id) came before \(ahead.job.id)") }
  }

  private mutating func serve(_ tenant: String) {
    noteWaiting()
    waiting[tenant] = nil
    for other in waiting.keys {
      waiting[other]?[tenant, default: 0] += 1
      if waiting[other]?[tenant] ?? 0 > 1 {
        broken.append("\(tenant) was served twice while \(other) waited")
      }
    }
  }

  mutating func noteWaiting() {
    let ready = Set(
      readyConnections.compactMap { connection in
        entries.values.first { $0.job.connection == connection }?.job.tenant
      })
    waiting = waiting.filter { ready.contains($0.key) }
    for tenant in ready where waiting[tenant] == nil { waiting[tenant] = [:] }
  }

  func holds(_ lease: Lease) -> Bool { entries[lease.job.id]?.lease?.fence == lease.token.fence }

  mutating func settled(_ lease: Lease, as state: Job.State, availableAt: UInt64? = nil) {
    guard var entry = entries[lease.job.id] else { return }
    entry.lease = nil
    entry.state = entry.isCancelled && !state.hasEnded ? .cancelled : state
    entry.availableAt = availableAt ?? entry.availableAt
    entries[lease.job.id] = entry
    noteWaiting()
  }

  mutating func renewed(_ lease: Lease, until: UInt64) { entries[lease.job.id]?.lease?.until = until }

  mutating func cancelled(_ id: String) {
    if entries[id]?.state == .processing {
      entries[id]?.isCancelled = true
    } else {
      entries[id]?.state = .cancelled
    }
    noteWaiting()
  }

  mutating func released(_ now: UInt64) {
    for (id, entry) in entries
    where [.scheduled, .retrying].contains(entry.state) && entry.availableAt <= now {
      entries[id]?.state = .pending
    }
    noteWaiting()
  }

  mutating func abandoned() {
    for (id, entry) in entries where entry.state == .processing {
      entries[id]?.state = .pending
      entries[id]?.lease = nil
    }
    noteWaiting()
  }

  var depth: [Job.State: Int] { entries.values.reduce(into: [:]) { $0[$1.state, default: 0] += 1 } }
}
