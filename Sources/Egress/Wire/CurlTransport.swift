internal import ConnectorModel
package import Ports
internal import Synchronization

/// The network through libcurl, driven by one thread of its own.
///
/// HTTP/2 over TLS, connections kept alive and shared; private addresses, proxies from the environment, cookies and
/// redirects are off. End it with `shutdown`.
package final class CurlTransport: Transport {
  private let mailbox: CurlMailbox
  private let ending: ThreadCompletion

  /// Connections kept open when nobody uses them: fewer than are in flight, and each request begins a new one.
  private static let maximumConnections = 1_024

  /// - Throws: `invalidInput` for a mapping to no IP address, `internal` when libcurl cannot be started.
  package init(options: TransportOptions = TransportOptions()) throws(EgressError) {
    for mapping in options.connectTo where mapping.socketAddress == nil {
      throw EgressError(
        .invalidInput,
        "connections to \(mapping.host ?? "every host") are mapped to `\(mapping.address)`, which is no IP address"
      )
    }
    guard let bell = WakeUp(), let sockets = SocketWatch(bell: bell),
      let multi = CurlMulti(sockets: sockets, maximumConnections: Self.maximumConnections)
    else {
      throw EgressError(.internal, "libcurl could not be started; free some memory or open files")
    }
    let mailbox = CurlMailbox(bell: bell)
    self.mailbox = mailbox
    let loop = Handover(CurlLoop(multi: multi, sockets: sockets, options: options, mailbox: mailbox))
    ending = NamedThread.start("patchbay-egress") { loop.take()?.run() }
  }

  /// Gives the loop to its thread, which then is the only one that has it.
  private final class Handover: Sendable {
    private let slot: Mutex<CurlLoop?>

    init(_ loop: sending CurlLoop) { slot = Mutex(loop) }

    func take() -> sending CurlLoop? { slot.withLock { $0.take() } }
  }

  deinit { _ = mailbox.post(.stop) }

  /// Calls `done` on the egress thread, which must not be blocked.
  package func start(
    _ request: TransportRequest, done: @escaping @Sendable (TransportResult) -> Void
  ) -> Cancellation {
    let id = mailbox.nextID()
    guard mailbox.post(.start(SubmissionQueue.Submission(id: id, request: request, done: done))) else {
      Task {
        done(
          .failed(
            TransportFailure(
              kind: .cancelled, requestMayHaveLeft: false,
              message: "the network is shut down; nothing was sent")))
      }
      return .none
    }
    return Cancellation { [mailbox] in _ = mailbox.post(.cancel(id)) }
  }

  /// Cancels what is under way, closes every connection and waits until the thread has ended.
  package func shutdown() async {
    _ = mailbox.post(.stop)
    await ending.wait()
  }
}
