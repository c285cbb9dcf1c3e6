internal import ConnectorModel
internal import Glibc

/// The line by which a child tells its parent what happens; one message a line.
struct ReportPipe: Sendable {
  private let sink: (@Sendable (Message) -> Void)?

  /// - Parameter sink: gets the messages instead, where child and parent are one process.
  init(sink: (@Sendable (Message) -> Void)? = nil) { self.sink = sink }

  /// The descriptor that the parent leaves to the child.
  static let descriptor: Int32 = 3

  enum Message: Codable, Equatable {
    /// The confinement that this kernel allowed, as bits of `PROBE_*`.
    case confined(UInt32)
    case step(rule: String, step: String)
    case verdict(CaseResult.Verdict, findings: [Finding], note: String, digest: String)
    /// The last one: what ends without it ended too early.
    case end
  }

  /// Calls `write(2)`; a parent that is gone is no reason to do anything.
  func send(_ message: Message) {
    if let sink { return sink(message) }
    guard let json = try? StableJSON.encode(message) else { return }
    let line = json + [0x0A]
    var rest = line[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(Self.descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
