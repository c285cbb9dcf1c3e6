internal import NIOCore
internal import Synchronization

/// Makes the calls that the platforms want made, when they want it; it owns the one timer for that.
final class Courier: Sendable {
  private let core: SandboxCore
  private let loop: any EventLoop
  private let timer = Mutex<Scheduled<Void>?>(nil)

  init(core: SandboxCore, loop: any EventLoop) {
    self.core = core
    self.loop = loop
  }

  /// Sends what is due and sets the timer for what comes next; to be called after everything that may change it.
  func pump() {
    let round = core.with { machine, now in machine.outboundRound(at: now) }
    for errand in round.errands {
      LoopbackClient.send(errand.call, on: loop).whenSuccess { status in
        self.core.with { machine, now in machine.close(errand, status: status, at: now) }
        self.pump()
      }
    }
    timer.withLock { timer in
      timer?.cancel()
      timer = round.pauseMs.map { pause in
        loop.scheduleTask(in: .milliseconds(pause)) { self.pump() }
      }
    }
  }

  /// What a GET to the URL is answered; nil where there is no answer.
  func probe(_ url: LoopbackURL) -> EventLoopFuture<Int?> {
    LoopbackClient.send(OutboundCall(id: 0, method: "GET", url: url), on: loop)
  }
}
