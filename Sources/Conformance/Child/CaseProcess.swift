internal import CProbe
internal import ConnectorModel
internal import Glibc

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#endif

/// A child that asks one case, from its start to the last trace of it.
struct CaseProcess {
  /// What it left behind.
  struct Remains: Sendable {
    var messages: [ReportPipe.Message] = []
    /// Words and texts of the lines that signal handlers wrote.
    var alarms: [(word: String, text: String)] = []
    /// What it wrote to its standard streams, cut.
    var output = ""
    var exitCode: Int32?
    var signal: Int32?
    var timedOut = false
    /// Processes of its group outlived it.
    var leftProcesses = false
    var milliseconds = 0
    /// Why it could not be started.
    var failure: String?

    var hasSentinel: Bool { messages.last == .end }
  }

  let program: String
  let arguments: [String]
  let limit: Duration

  /// How many times as long as its CPU time a case may last: the machine's load for each core, 1 to 10.
  static var patience: Int {
    var load = 0.0
    guard unsafe getloadavg(&load, 1) == 1 else { return 1 }
    return min(10, max(1, Int((load / Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))).rounded(.up))))
  }

  private static let outputBytes = 4096

  /// Starts it in a group of its own, reads what it says until it ends or its time is over, and ends its group.
  ///
  /// Blocks, so never call it on the cooperative pool.
  func run() -> Remains {
    var remains = Remains()
    let started = ContinuousClock.now
    var report: (read: Int32, write: Int32) = (-1, -1)
    var output: (read: Int32, write: Int32) = (-1, -1)
    guard Self.pipe(&report), Self.pipe(&output) else {
      remains.failure = "no more descriptors"
      return remains
    }
    let child = spawn(report: report.write, output: output.write)
    close(report.write)
    close(output.write)
    guard let child else {
      remains.failure = "\(program) cannot be started"
      close(report.read)
      close(output.read)
      return remains
    }
    var bytes: [UInt8] = []
    var said: [UInt8] = []
    remains.timedOut = !Self.drain(report.read, &bytes, output.read, &said, until: started + limit)
    if remains.timedOut { _ = probe_kill_group(child, SIGKILL) }
    var status: Int32 = 0
    if !Self.wait(for: child, &status, until: started + limit + .seconds(1)) {
      remains.timedOut = true
      _ = probe_kill_group(child, SIGKILL)
      while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    }
    remains.leftProcesses = probe_kill_group(child, SIGKILL) == 0 && !remains.timedOut
    Self.takeRest(of: output.read, &said)
    close(report.read)
    close(output.read)
    if status & 0x7F == 0 {
      remains.exitCode = (status >> 8) & 0xFF
    } else {
      remains.signal = status & 0x7F
    }
    remains.output = String(decoding: said.prefix(Self.outputBytes), as: UTF8.self)
    remains.milliseconds = Int((ContinuousClock.now - started) / .milliseconds(1))
    Self.parse(bytes, into: &remains)
    return remains
  }

  private static func parse(_ bytes: [UInt8], into remains: inout Remains) {
    for line in bytes.split(separator: 0x0A) {
      if line.first == UInt8(ascii: "!") {
        let words = String(decoding: line.dropFirst(), as: UTF8.self).split(separator: " ", maxSplits: 1)
        remains.alarms.append((String(words.first ?? ""), String(words.dropFirst().first ?? "")))
      } else if let message = try? StableJSON.decode(ReportPipe.Message.self, from: Array(line)) {
        remains.messages.append(message)
      }
    }
  }

  // MARK: The system

  private static func pipe(_ ends: inout (read: Int32, write: Int32)) -> Bool {
    var pair: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&pair) == 0 else { return false }
    for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    ends = (pair[0], pair[1])
    return true
  }

  /// Calls `posix_spawn`: a group of its own, no signal blocked, only the two pipes, an environment without anything.
  private func spawn(report: Int32, output: Int32) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
    // Last: the pipe may have one of these numbers itself, and `dup2` onto itself keeps FD_CLOEXEC away.
    unsafe posix_spawn_file_actions_adddup2(&actions, report, ReportPipe.descriptor)
    // Here and not in the child: by then its runtime may have descriptors of its own, and dies without them.
    _ = unsafe probe_close_from(&actions, ReportPipe.descriptor + 1)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    var argv = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    // A crash is told by its signal; a backtrace would take a second and a page.
    let settings = ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no", "TZ=UTC"]
    var environment = unsafe settings.map { unsafe strdup($0) } + [nil]
    defer { unsafe (argv + environment).forEach { unsafe free($0) } }
    var child: pid_t = 0
    guard unsafe posix_spawn(&child, program, &actions, &attributes, &argv, &environment) == 0 else {
      return nil
    }
    return child
  }

  /// Reads both pipes until both are closed; false when the time was over before.
  private static func drain(
    _ first: Int32, _ firstBytes: inout [UInt8], _ second: Int32, _ secondBytes: inout [UInt8],
    until end: ContinuousClock.Instant
  ) -> Bool {
    var isOpen = (true, true)
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    while isOpen.0 || isOpen.1 {
      // The sentinel is the last word: nobody waits for a grandchild that keeps a stream open.
      if firstBytes.suffix(endLine.count).elementsEqual(endLine) { return true }
      let left = Int((end - ContinuousClock.now) / .milliseconds(1))
      guard left > 0 else { return false }
      var descriptors = [
        pollfd(fd: isOpen.0 ? first : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isOpen.1 ? second : -1, events: Int16(POLLIN), revents: 0),
      ]
      let ready = unsafe poll(&descriptors, 2, Int32(clamping: left))
      if ready < 0, errno != EINTR { return true }
      guard ready > 0 else { continue }
      if descriptors[0].revents != 0 {
        let count = unsafe read(first, &chunk, chunk.count)
        if count > 0 { firstBytes += chunk[..<count] } else { isOpen.0 = false }
        if firstBytes.count > 8 << 20 { return true }
      }
      if descriptors[1].revents != 0 {
        let count = unsafe read(second, &chunk, chunk.count)
        if count > 0 {
          if secondBytes.count < outputBytes { secondBytes += chunk[..<count] }
        } else {
          isOpen.1 = false
        }
      }
      // The child is gone from the report; what holds the other stream is not waited for.
      if !isOpen.0 { return true }
    }
    return true
  }

  /// What is in the pipe by now; the child has ended.
  private static func takeRest(of pipe: Int32, _ bytes: inout [UInt8]) {
    _ = fcntl(pipe, F_SETFL, O_NONBLOCK)
    var chunk = [UInt8](repeating: 0, count: outputBytes)
    let count = unsafe read(pipe, &chunk, chunk.count)
    if count > 0, bytes.count < outputBytes { bytes += chunk[..<count] }
  }

  private static let endLine = ((try? StableJSON.encode(ReportPipe.Message.end)) ?? []) + [0x0A]

  /// Calls `waitpid` until the child has ended; false when the time was over before.
  private static func wait(
    for child: pid_t, _ status: inout Int32, until end: ContinuousClock.Instant
  ) -> Bool {
    while true {
      let found = unsafe waitpid(child, &status, WNOHANG)
      if found == child || (found < 0 && errno != EINTR) { return true }
      if ContinuousClock.now >= end { return false }
      usleep(1_000)
    }
  }
}
