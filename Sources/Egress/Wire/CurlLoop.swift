internal import Ports
internal import Synchronization

/// What the egress thread does: takes commands, drives libcurl, hands out results.
///
/// Lives on that thread alone; the queue and `wake` are how others reach it.
final class CurlLoop {
  private struct Transfer {
    let id: UInt64
    let easy: CurlEasy
    let place: String
    let done: @Sendable (TransportResult) -> Void
  }

  /// Easy handles kept for reuse.
  private static let maximumIdle = 64
  private static let maximumPlaces = 256
  /// Nothing but a wake-up or libcurl's own timers ends an idle wait earlier.
  private static let idleWait = Duration.seconds(60)

  private let multi: CurlMulti
  private let sockets: SocketWatch
  private let options: TransportOptions
  private let mailbox: CurlMailbox
  private var transfers: [UInt64: Transfer] = [:]
  private var owners: [ObjectIdentifier: UInt64] = [:]
  private var idle: [CurlEasy] = []
  /// Hosts and ports of URLs seen, by what stands before the path.
  private var places: [Substring: NormalizedURL] = [:]
  private var isStopped = false

  init(
    multi: CurlMulti, sockets: SocketWatch, options: TransportOptions, mailbox: CurlMailbox
  ) {
    self.multi = multi
    self.sockets = sockets
    self.options = options
    self.mailbox = mailbox
  }

  /// Runs until a `stop` command; then every transfer has been answered.
  func run() {
    while !isStopped {
      for command in mailbox.takeAll() { obey(command) }
      settle(sockets.takeDue() ? multi.goOn() : true)
      guard !isStopped else { return }
      var isHealthy = true
      for ready in sockets.wait(mailbox.mayWait() ? Self.idleWait : .zero) {
        isHealthy = multi.goOn(with: ready) && isHealthy
      }
      settle(isHealthy)
    }
  }

  private func settle(_ isHealthy: Bool) {
    while let (easy, code) = multi.takeEnded() { finish(easy, code) }
    if !isHealthy { cancelAll(as: .other) }
  }

  private func obey(_ command: SubmissionQueue.Command) {
    switch command {
    case .start(let submission): start(submission)
    case .cancel(let id): cancel(id, as: .cancelled)
    case .stop:
      isStopped = true
      cancelAll(as: .cancelled)
    }
  }

  private func start(_ submission: SubmissionQueue.Submission) {
    let request = submission.request
    guard let url = place(of: request.url) else {
      return submission.done(.failed(Self.unsent("the transfer's URL is not absolute and normalised")))
    }
    let mapping = options.mapping(host: url.host, port: url.port)
    guard let easy = idle.popLast() ?? CurlEasy(sockets: sockets),
      easy.prepare(request, mapping, options), multi.add(easy)
    else {
      return submission.done(.failed(Self.unsent("\(url.origin): libcurl could not prepare the transfer")))
    }
    owners[ObjectIdentifier(easy)] = submission.id
    transfers[submission.id] = Transfer(
      id: submission.id, easy: easy, place: url.origin, done: submission.done)
  }

  /// The place that an absolute URL leads to, without its path; nil when it is no such URL.
  private func place(of url: String) -> NormalizedURL? {
    var slashes = 0
    let origin = Substring(
      url.utf8.prefix { byte in
        if byte == .init(ascii: "/") { slashes += 1 }
        return slashes < 3
      })
    if let known = places[origin] { return known }
    guard let place = try? NormalizedURL.absolute(String(origin)) else { return nil }
    if places.count >= Self.maximumPlaces { places = [:] }
    // Not the URL's own memory: its query may hold a secret.
    places[Substring(String(origin))] = place
    return place
  }

  private func finish(_ easy: CurlEasy, _ code: CurlCode) {
    guard let transfer = retire(owners[ObjectIdentifier(easy)]) else { return }
    let result = easy.result(code, place: transfer.place)
    recycle(easy)
    transfer.done(result)
  }

  private func cancelAll(as kind: TransportFailure.Kind) {
    for id in transfers.keys.sorted() { cancel(id, as: kind) }
  }

  private func cancel(_ id: UInt64, as kind: TransportFailure.Kind) {
    guard let transfer = retire(id) else { return }
    multi.remove(transfer.easy)
    let mayHaveLeft = (transfer.easy.record?.begun ?? 0) > 0
    recycle(transfer.easy)
    transfer.done(
      .failed(
        TransportFailure(
          kind: kind, requestMayHaveLeft: mayHaveLeft,
          message: "\(transfer.place): \(kind == .cancelled ? "cancelled" : "libcurl failed")"
            + (mayHaveLeft ? " after the request was sent" : " before anything was sent"))))
  }

  private func retire(_ id: UInt64?) -> Transfer? {
    guard let id, let transfer = transfers.removeValue(forKey: id) else { return nil }
    owners[ObjectIdentifier(transfer.easy)] = nil
    return transfer
  }

  /// Wipes the handle before it is kept: it held a credential.
  private func recycle(_ easy: CurlEasy) {
    easy.wipe()
    if idle.count < Self.maximumIdle { idle.append(easy) }
  }

  private static func unsent(_ message: String) -> TransportFailure {
    TransportFailure(kind: .other, requestMayHaveLeft: false, message: message)
  }
}
