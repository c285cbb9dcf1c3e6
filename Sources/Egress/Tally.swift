internal import ConnectorModel
internal import Ports

/// What an effect has cost so far.
struct Tally: Sendable {
  private(set) var requests = 0
  private(set) var waits: [Wait] = []
  private(set) var network = Duration.zero
  private(set) var token = Duration.zero
  private(set) var performedWrite = false
  /// The wait that was too long, of a request that was not carried out.
  private(set) var askedToWait: Duration?
  private var waitCause = WaitCause.limit
  /// A write was answered with a redirect to its result: what follows belongs to a write.
  private(set) var redirectedWrite = false
  private var deadline: UInt64

  init(deadline: UInt64) { self.deadline = deadline }

  /// Time left for the wire; waits do not count.
  func remaining(at now: UInt64) -> Duration {
    deadline > now ? .nanoseconds(Int64(clamping: deadline - now)) : .zero
  }

  /// Notes a wait; the deadline moves by as much.
  mutating func wait(from start: UInt64, to end: UInt64, reason: String) {
    let nanoseconds = end > start ? end - start : 0
    let (moved, overflow) = deadline.addingReportingOverflow(nanoseconds)
    deadline = overflow ? .max : moved
    waits.append(Wait(reason: reason, duration: .nanoseconds(Int64(clamping: nanoseconds))))
  }

  /// Notes an exchange that began on the wire.
  mutating func exchange(took duration: Duration, mayHaveWritten: Bool) {
    requests += 1
    network += duration
    if mayHaveWritten { performedWrite = true }
  }

  /// Notes the time until there was a token.
  mutating func tokenTook(from start: UInt64, to end: UInt64) {
    token += .nanoseconds(Int64(clamping: end > start ? end - start : 0))
  }

  /// Notes that there is less patience than is asked for; what may have taken effect must not be repeated.
  mutating func waitIsTooLong(_ wait: Duration, for cause: WaitCause = .limit) {
    guard !performedWrite, !redirectedWrite else { return }
    askedToWait = wait
    waitCause = cause
  }

  mutating func redirectWrite() { redirectedWrite = true }

  func performed(_ answer: HTTPAnswer) -> PerformedHTTP {
    PerformedHTTP(
      answer: answer, requests: requests, waits: waits, performedWrite: performedWrite,
      askedToWait: askedToWait, waitCause: waitCause, network: network, token: token)
  }
}
