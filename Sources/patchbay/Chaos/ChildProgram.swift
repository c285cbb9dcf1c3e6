internal import ConnectorModel
internal import Ports
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// This program again, as a child process that says in one line of JSON when it is ready.
@safe final class ChildProgram: Sendable {
  /// What it said.
  let ready: JSONValue
  private let pid: pid_t
  private let hasEnded = Atomic(false)

  private static let maximumLine = 64 * 1024

  /// Starts it and waits for its line; what it says on standard error goes to `log`.
  ///
  /// - Throws: `CommandFailure` when it ends or says something else first.
  static func start(_ arguments: [String], log: String, environment: [String]) async throws -> ChildProgram {
    try await NamedThread.run("patchbay-child") {
      try ChildProgram(arguments, log: log, environment: environment)
    }
  }

  /// Calls `posix_spawn`.
  private init(_ arguments: [String], log: String, environment: [String]) throws {
    var pipes: [Int32] = [0, 0]
    guard unsafe pipe(&pipes) == 0 else { throw CommandFailure(sentence: "no pipe can be made") }
    defer { close(pipes[0]) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(
      &actions, STDERR_FILENO, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    unsafe posix_spawn_file_actions_addclose(&actions, pipes[0])
    unsafe posix_spawn_file_actions_addclose(&actions, pipes[1])
    var made = pid_t()
    let words = ["/proc/self/exe"] + arguments
    let status = unsafe Self.withPointers(words) { words in
      unsafe Self.withPointers(environment) { environment in
        unsafe posix_spawn(&made, "/proc/self/exe", &actions, nil, words, environment)
      }
    }
    close(pipes[1])
    guard status == 0 else {
      throw CommandFailure(sentence: "\(arguments.joined(separator: " ")) cannot be started: error \(status)")
    }
    pid = made
    guard let line = Self.line(from: pipes[0]),
      let ready = try? StableJSON.decode(JSONValue.self, from: line)
    else {
      Self.end(made, SIGKILL)
      throw CommandFailure(
        sentence: "`patchbay \(arguments.joined(separator: " "))` did not become ready; \(log) says why")
    }
    self.ready = ready
  }

  /// Nobody is left behind when the run fails.
  deinit {
    if !hasEnded.load(ordering: .relaxed) { Self.end(pid, SIGKILL) }
  }

  /// Ends it by a signal and waits until it is gone.
  func end(_ signal: Int32) async throws {
    let pid = pid
    hasEnded.store(true, ordering: .relaxed)
    try await NamedThread.run("patchbay-child") { Self.end(pid, signal) }
  }

  private static func end(_ pid: pid_t, _ signal: Int32) {
    kill(pid, signal)
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) == -1, errno == EINTR {}
  }

  private static func line(from descriptor: Int32) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count < maximumLine {
      let count = unsafe read(descriptor, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { return nil }
      if byte == UInt8(ascii: "\n") { return line }
      line.append(byte)
    }
    return nil
  }

  /// A null-terminated array of C strings, alive during `body`.
  private static func withPointers<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(pointers)
  }
}
